import CoppiceModel

/// A value that each rank of a group saves for itself, such as the state of its part of the input
/// data.
///
/// The checkpoint has a composite of the name, with a checkpointable for each rank, named by its
/// number: `"iterator": EachRank(iterator)` is saved as `iterator/0`, `iterator/1`, …. All other JSON,
/// files and objects are saved by rank 0 alone.
///
/// In a request of a run that a group has, it is what this rank loads of its own part:
/// `"iterator": EachRank(iterator)`, or a type.
public struct EachRank: Sendable {
  /// The value of this rank.
  public let value: any Sendable

  /// Makes a value that each rank saves for itself.
  public init(_ value: any Sendable) { self.value = value }
}

extension EachRank {
  /// Returns what a rank has saved of a checkpointable.
  static func part(
    of stored: Checkpointable, named name: String, _ rank: Int?
  ) throws(CoppiceError) -> Checkpointable {
    guard let rank else {
      throw CoppiceError(
        .usageChoice, "only a rank of a group has a part: open the run with `group:`",
        at: .init(treePath: name))
    }
    guard case .composite(let parts) = stored,
      let own = parts.first(where: { $0.name == String(rank) })
    else {
      throw CoppiceError(
        .usageNoSuchCheckpointable,
        "rank \(rank) has no part here: other ranks saved this; load it as saved (nil), with the parts of all",
        at: .init(treePath: name))
    }
    return try own.value
  }
}
