public import CoppiceFiles
public import CoppiceModel
package import CoppiceStorage

/// How a path is opened: which formats are tried, what is trusted, and how much may be read.
public struct OpenOptions: Sendable {
  /// The formats that are tried.
  public var formats = FormatReaders.coppice

  /// Where libhdf5 parses files; files of version 1 are read without it.
  public var hdf5 = HDF5Access.inProcess

  /// What is done with symbolic links inside a checkpoint.
  package var symlinks = SymlinkPolicy.inside

  /// The choices of readers of this format.
  package var reading = ReadOptions()

  /// Makes the choices for checkpoints of this format, digests checked, links kept inside.
  public init(formats: FormatReaders = .coppice) { self.formats = formats }

  /// Whether symbolic links are followed wherever they lead.
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

  /// Whether what is damaged is left out and the rest read, instead of refusing everything around it.
  ///
  /// Entries of dictionaries and records are left out, `none` takes the places of elements of lists and
  /// tuples, and an array with one bad block is left out whole. Where nothing is whole, nothing is loaded.
  /// Every array is read twice: once to see whether it is whole.
  public var salvages: Bool {
    get { reading.salvages }
    set { reading.salvages = newValue }
  }

  /// Whether leaves that no array can represent are left out, by the rules of `salvages`.
  public var skipsUnsupported = false

  /// Told of each thing that was left out.
  public var onOmission: (@Sendable (Omission) -> Void)?

  /// The bounds that every reader keeps.
  public var limits: ReadLimits {
    get { reading.limits }
    set { reading.limits = newValue }
  }
}
