public import CoppiceFiles
public import CoppiceModel
package import CoppiceStorage

/// The options of opening a path: the formats that are tried, the checks that are made and the
/// limits.
public struct OpenOptions: Sendable {
  /// The formats that are tried.
  public var formats = FormatReaders.coppice

  /// The process in which libhdf5 parses files; files of version 1 are read without libhdf5.
  public var hdf5 = HDF5Access.inProcess

  /// The treatment of symbolic links inside a checkpoint.
  package var symlinks = SymlinkPolicy.inside

  /// The options of the readers of Coppice's own format.
  package var reading = ReadOptions()

  /// Creates the default options: digests are checked, and symbolic links must stay inside.
  public init(formats: FormatReaders = .coppice) { self.formats = formats }

  /// Whether symbolic links may lead out of the checkpoint.
  ///
  /// Otherwise a link must stay inside the checkpoint, or be one of a Hugging Face cache.
  public var followsSymlinks: Bool {
    get { symlinks == .anywhere }
    set { symlinks = newValue ? .anywhere : .inside }
  }

  /// Whether the digest of each block is checked when it is read.
  public var verifiesDigests: Bool {
    get { reading.verifiesDigests }
    set { reading.verifiesDigests = newValue }
  }

  /// Whether a load leaves out damaged leaves and files and reads the rest, instead of failing.
  ///
  /// Damaged entries of dictionaries and records are left out, and `none` takes the place of
  /// damaged elements of lists and tuples. An array with one bad block is left out whole. Where
  /// nothing is whole, the load fails. Every array is read twice: the first time to check it.
  public var salvages: Bool {
    get { reading.salvages }
    set { reading.salvages = newValue }
  }

  /// Whether leaves that no array can represent are left out, by the rules of `salvages`.
  public var skipsUnsupported = false

  /// Whether quantised arrays are read as 32-bit floats, where their type is decoded.
  ///
  /// Otherwise, and for other types, such an array is one of bytes: the blocks of each row, with a warning that
  /// names the type. Only GGUF has quantised arrays that are decoded: `Q4_0`, `Q4_1`, `Q5_0`, `Q5_1`, `Q8_0` and
  /// `Q2_K` to `Q8_K`, to the same bits as by the Python package `gguf`.
  public var dequantizes = false

  /// Whether sequences of variable length, which HDF5 has, are read as lists of arrays.
  ///
  /// All of them are then in memory, up to 64 MiB of a dataset. Otherwise a dataset of sequences is a leaf that no
  /// array can represent.
  public var readsSequences = false

  /// Whether elements of HDF5 that no array can have are read as their bytes.
  ///
  /// Compounds, opaque values, bit fields and numbers of unusual sizes become arrays of `uint8` with one more dimension,
  /// the bytes of an element in the file's order; warnings name the first of them. Otherwise such a dataset is a leaf
  /// that no array can represent. Elements with texts or sequences of variable length or with references always are,
  /// since their bytes only say where in the file these lie.
  public var readsRawElements = false

  /// A function that is called for each leaf, file or checkpointable that was left out.
  public var onOmission: (@Sendable (Omission) -> Void)?

  /// A function that is called for each warning about what an operation opened and doesn't return.
  public var onWarning: (@Sendable (CoppiceError) -> Void)?

  /// The limits of documents, counts and depths that every reader keeps.
  public var limits: ReadLimits {
    get { reading.limits }
    set { reading.limits = newValue }
  }
}
