public import CoppiceModel

extension CoppiceError.Code {
  /// The elements of a dataset have a type that no array here can have, or a link has an unknown
  /// kind.
  public static let hdf5UnsupportedType = Self(rawValue: "hdf5.unsupported-type")
  /// A dataset uses a filter that this reader doesn't support.
  public static let hdf5UnsupportedFilter = Self(rawValue: "hdf5.unsupported-filter")
  /// The elements of a dataset are in another file, or in other datasets.
  public static let hdf5Outside = Self(rawValue: "hdf5.outside")
  /// The chunks of a dataset contradict its shape, or overlap.
  public static let hdf5Chunks = Self(rawValue: "hdf5.chunks")
  /// A chunk's bytes don't have the checksum that is stored with them.
  public static let hdf5Checksum = Self(rawValue: "hdf5.checksum")
  /// A chunk's coded bytes are damaged.
  public static let hdf5ChunkDamaged = Self(rawValue: "hdf5.chunk-damaged")
  /// An element's bytes aren't a value of its type.
  public static let hdf5Element = Self(rawValue: "hdf5.element")
  /// The file holds the arrays of a Coppice tree, which another reader opens.
  public static let hdf5TreeData = Self(rawValue: "hdf5.tree-data")
  /// The name of a link isn't text.
  public static let hdf5Name = Self(rawValue: "hdf5.name")
  /// Attributes are not carried over.
  public static let hdf5Attributes = Self(rawValue: "hdf5.attributes")
  /// A link is left out: its target is missing, or is a group that contains it.
  public static let hdf5Link = Self(rawValue: "hdf5.link")
  /// The integers of an enumeration are read, and the names that it gives them are left out.
  public static let hdf5Enumeration = Self(rawValue: "hdf5.enumeration")
  /// Elements are read as their bytes, since they can't be those of an array.
  public static let hdf5Raw = Self(rawValue: "hdf5.raw")
  /// A named datatype is left out.
  public static let hdf5NamedType = Self(rawValue: "hdf5.named-type")
  /// A weight that a Keras file lists is not in the file.
  public static let kerasMissingWeight = Self(rawValue: "keras.missing-weight")
  /// A Keras archive has no weights.
  public static let kerasNoWeights = Self(rawValue: "keras.no-weights")
  /// Two nodes of a tree would have one name in an HDF5 file.
  public static let hdf5NameCollision = Self(rawValue: "hdf5.name-collision")
  /// libhdf5 could not write a file.
  public static let ioHDF5Write = Self(rawValue: "io.hdf5-write")
}
