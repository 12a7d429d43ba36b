public import CoppiceModel

extension CoppiceError.Code {
  /// The elements of a dataset are of a type that no array here can have, or a link is of an unknown kind.
  public static let hdf5UnsupportedType = Self(rawValue: "hdf5.unsupported-type")
  /// The chunks of a dataset went through a filter that is not read here.
  public static let hdf5UnsupportedFilter = Self(rawValue: "hdf5.unsupported-filter")
  /// The elements of a dataset lie in another file, or in other datasets.
  public static let hdf5Outside = Self(rawValue: "hdf5.outside")
  /// The chunks of a dataset contradict its shape, or lie over each other.
  public static let hdf5Chunks = Self(rawValue: "hdf5.chunks")
  /// A chunk's bytes don't have the checksum that is stored with them.
  public static let hdf5Checksum = Self(rawValue: "hdf5.checksum")
  /// A chunk's coded bytes are damaged.
  public static let hdf5ChunkDamaged = Self(rawValue: "hdf5.chunk-damaged")
  /// An element's bytes are none of its type's values.
  public static let hdf5Element = Self(rawValue: "hdf5.element")
  /// The file holds the arrays of a Coppice tree, which has a reader of its own.
  public static let hdf5TreeData = Self(rawValue: "hdf5.tree-data")
  /// The name of a link is no text.
  public static let hdf5Name = Self(rawValue: "hdf5.name")
  /// Attributes are not carried over.
  public static let hdf5Attributes = Self(rawValue: "hdf5.attributes")
  /// A link is left out: it leads nowhere, or back to a group around it.
  public static let hdf5Link = Self(rawValue: "hdf5.link")
  /// A datatype that stands by itself is left out.
  public static let hdf5NamedType = Self(rawValue: "hdf5.named-type")
  /// A weight that a Keras file lists is not in it.
  public static let kerasMissingWeight = Self(rawValue: "keras.missing-weight")
  /// An archive of Keras has no weights.
  public static let kerasNoWeights = Self(rawValue: "keras.no-weights")
  /// Two nodes of a tree would have one name in an HDF5 file.
  public static let hdf5NameCollision = Self(rawValue: "hdf5.name-collision")
  /// libhdf5 could not write a file.
  public static let ioHDF5Write = Self(rawValue: "io.hdf5-write")
}
