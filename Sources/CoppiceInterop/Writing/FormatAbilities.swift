public import CoppiceModel

/// The features and dtypes that a format keeps exactly, and the choices that it has.
public struct FormatAbilities: Hashable, Sendable {
  /// A feature that a checkpoint may have and a format may keep.
  public enum Feature: String, CaseIterable, Hashable, Sendable {
    // Checkpointables.
    case namedCheckpointables = "named checkpointables"
    case jsonCheckpointables = "JSON checkpointables"
    case fileCheckpointables = "file checkpointables"
    case composites
    // Containers.
    case nesting, lists, tuples, records
    case integerKeys = "integer keys"
    case emptyContainers = "empty containers"
    // Values.
    case numbers
    case largeIntegers = "large integers"
    case complexNumbers = "complex numbers"
    case strings, bytes
    case textArrays = "text arrays"
    case none
    // Arrays.
    case emptyArrays = "empty arrays"
    case tiedArrays = "tied arrays"
    case randomKeys = "random keys"
    case shardings
    // The whole checkpoint.
    case metrics
    case customMetadata = "custom metadata"
    case times
    case steps
  }

  /// The features that are kept exactly.
  public var features: Set<Feature>

  /// The dtypes that are written unchanged.
  public var dtypes: Set<DType>

  /// The ways in which data can be compressed; empty where there is none.
  public var compressions: Set<CompressionChoice.Codec>

  /// Whether the output can be split into files of a maximum size.
  public var splits: Bool

  /// The names of the layouts to choose from; empty where there is one.
  public var layouts: [String]

  /// Whether arrays can be stored in boxes that are spread over several data files.
  public var shards: Bool

  /// Whether the shape of an array's chunks can be chosen.
  public var chunks: Bool

  /// Makes abilities.
  public init(
    _ features: Set<Feature>, dtypes: some Sequence<DType>,
    compressions: Set<CompressionChoice.Codec> = [],
    splits: Bool = false, layouts: [String] = [], shards: Bool = false, chunks: Bool = false
  ) {
    self.features = features
    self.dtypes = Set(dtypes)
    self.compressions = compressions
    self.splits = splits
    self.layouts = layouts
    self.shards = shards
    self.chunks = chunks
  }

  /// Checks that a format has the choices that a caller made.
  ///
  /// - Throws: `usage.choice`.
  func check(_ options: OutputOptions, for format: String) throws(CoppiceError) {
    if let codec = options.compression?.codec, !compressions.contains(codec) {
      let others = compressions.map(\.rawValue).sorted().joined(separator: " or ")
      throw CoppiceError(
        .usageChoice,
        compressions.isEmpty
          ? "\(format) has no compression; leave `compression` out"
          : "\(format) has no compression by \(codec); set `compression` to \(others), or leave it out"
      )
    }
    if options.maximumFileBytes != nil, !splits {
      throw CoppiceError(
        .usageChoice, "\(format) can't be split into files; leave `maximumFileBytes` out")
    }
    if !options.shards.isEmpty, !shards {
      throw CoppiceError(
        .usageChoice, "\(format) can't store arrays in boxes; leave `shards` out")
    }
    if !options.chunks.isEmpty, !chunks {
      throw CoppiceError(
        .usageChoice, "\(format) has no chunks of a chosen shape; leave `chunks` out")
    }
    if let count = options.dataFiles {
      guard shards else {
        throw CoppiceError(
          .usageChoice, "\(format) has no number of data files to choose; leave `dataFiles` out")
      }
      guard count >= 1 else {
        throw CoppiceError(.usageChoice, "`dataFiles` is 1 or more, not \(count)")
      }
    }
    guard let layout = options.layout, !layouts.contains(layout) else { return }
    throw CoppiceError(
      .usageChoice,
      layouts.isEmpty
        ? "\(format) has one layout only; leave `layout` out"
        : "\(format) has no layout \"\(layout.printable)\"; there are "
          + layouts.joined(separator: ", ") + NearMiss.hint(for: layout, among: layouts))
  }
}
