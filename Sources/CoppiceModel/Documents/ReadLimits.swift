/// The bounds that every reader keeps, checked before memory is taken.
///
/// Spec: annex C.
public struct ReadLimits: Hashable, Sendable {
  /// The most bytes that one document may have.
  public var documentBytes = 1 << 30
  /// The deepest nesting of containers, in documents and in trees.
  public var depth = 128
  /// The most leaves that one tree may have.
  public var leaves = 1 << 22
  /// The most dimensions that an array may have.
  public var rank = 32
  /// The most shards that one array may have.
  public var shardsPerLeaf = 1 << 20
  /// The most bytes of one key, before escaping.
  public var componentBytes = 1024
  /// The most bytes that one chunk may decode to.
  public var chunkBytes = (1 << 32) - 1
  /// The memory that decoding one array may take beyond its output, in bytes.
  ///
  /// Several arrays are decoded at once; together they take at most 128 MiB by default,
  /// and 256 MiB where a durable write moves more of them than there are processors.
  public var workingMemory = (128 << 20) / ParallelWork.streamCount

  /// The limits that the specification states.
  public static let standard = ReadLimits()

  /// Makes the standard limits, to be changed one by one.
  public init() {}
}
