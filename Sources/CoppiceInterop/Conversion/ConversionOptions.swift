public import Coppice
public import CoppiceModel
import CoppiceStorage

/// The options of a conversion.
public struct ConversionOptions: Sendable {
  /// The format to write.
  public var format = OutputFormat.coppice
  /// The name of the checkpointable to convert, then the components of a tree path.
  ///
  /// An empty list converts everything; `CheckpointAddress` parses a text.
  public var components: [String] = []
  /// The changes to trees on the way.
  public var transform = TransformOptions()
  /// Whether damaged nodes are left out with a note, rather than refused.
  public var salvages = false
  /// Whether nodes that no array can represent are left out with a note, rather than refused.
  public var skipsUnsupported = false
  /// The options of this project's own format; replacing and durability apply to all formats.
  package var writing = WriteOptions()
  /// The step of a run to convert, or a range of steps; the whole run when `nil`.
  public var step: StepChoice?
  /// The compression of data; `nil` leaves the choice to the format.
  public var compression: CompressionChoice?
  /// The most bytes of an output file, for formats with several files.
  public var maximumFileBytes: Int?
  /// A layout of the target format.
  public var layout: String?
  /// The number of boxes along each dimension in which matching leaves are stored, in formats that
  /// store arrays in boxes.
  ///
  /// The extent of a box is the leaf's divided by the number, rounded up; dimensions without a
  /// number aren't divided. Patterns match whole paths of leaves, and the first match counts. A
  /// pattern that matches no leaf is the error `usage.tree-path`; more numbers than dimensions, or
  /// more boxes than a leaf may have, are `usage.choice`.
  public var shards: [(glob: PathGlob, counts: [Int])] = []
  /// The extents of the chunks of matching leaves, in formats that store arrays in chunks.
  ///
  /// Coppice's own format has chunks of compressed leaves only. An extent is limited by that of the
  /// leaf, and of its boxes; dimensions without an extent aren't divided. A chunk is held in memory
  /// whole. Patterns and errors are those of `shards`.
  public var chunks: [(glob: PathGlob, extents: [Int])] = []
  /// The number of data files over which the boxes of leaves are spread, in this project's own
  /// format; no more than there are boxes.
  public var dataFiles: Int?
  /// The treatment of bools that are neither 0 nor 1.
  public var boolValues = BoolValues.refuse
  /// Whether every inexact conversion is an error.
  public var isStrict = false
  /// The options for opening the source, and an existing target that may be replaced.
  public var opening = OpenOptions(formats: .all)

  /// Makes the options of a conversion that changes nothing but the format.
  public init(to format: OutputFormat = .coppice) { self.format = format }

  /// Whether an existing target is replaced: a file of the same format, or a checkpoint.
  public var replacesExisting: Bool {
    get { writing.isReplacing }
    set { writing.isReplacing = newValue }
  }

  /// The promise when the conversion returns.
  public var durability: Durability {
    get { writing.durability }
    set { writing.durability = newValue }
  }

  /// Whether small arrays of large trees are packed, in this project's own format.
  public var packsSmallArrays: Bool {
    get { writing.tree.packing != nil }
    set { writing.tree.packing = newValue ? writing.tree.packing ?? .init() : nil }
  }

  /// The leaves that are left out; `nil` where nothing is.
  var salvageScope: Salvage.Scope? {
    Salvage.Scope(salvages: salvages, skipsUnsupported: skipsUnsupported)
  }

  /// The options that format writers receive.
  var output: OutputOptions {
    var output = OutputOptions()
    output.compression = compression
    output.maximumFileBytes = maximumFileBytes
    output.layout = layout
    output.shards = shards
    output.chunks = chunks
    output.dataFiles = dataFiles
    output.coppice = writing
    return output
  }
}
