/// A value that each rank of a group saves for itself, such as the state of its part of the input
/// data.
///
/// The checkpoint has a composite of the name, with a checkpointable for each rank, named by its
/// number: `"iterator": EachRank(iterator)` is saved as `iterator/0`, `iterator/1`, …. All other JSON,
/// files and objects are saved by rank 0 alone.
public struct EachRank: Sendable {
  /// The value of this rank.
  public let value: any Sendable

  /// Makes a value that each rank saves for itself.
  public init(_ value: any Sendable) { self.value = value }
}
