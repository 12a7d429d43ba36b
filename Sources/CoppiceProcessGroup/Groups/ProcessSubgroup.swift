public import CoppiceModel

/// Some ranks of a group, as a group of their own.
///
/// Its ranks are numbered anew; messages to people name those of the whole group. What breaks it breaks the whole
/// group, since a process was lost.
public struct ProcessSubgroup: ProcessGroup {
  /// The group that the ranks are from.
  public let base: any ProcessGroup

  /// The ranks of `base`, in the order of their numbers here.
  public let members: [Int]

  /// The number of this process: `0..<count`.
  public let rank: Int

  /// The number of processes.
  public var count: Int { members.count }

  /// Keeps messages of the subgroup apart from those of the whole group with the same name.
  private let label: String

  init?(of base: any ProcessGroup, members: [Int]) {
    guard let rank = members.firstIndex(of: base.rank) else { return nil }
    self.base = base
    self.members = members
    self.rank = rank
    // FNV-1a, the same on all ranks, which hashes of the standard library aren't.
    let hash = members.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { hash, member in
      (hash ^ UInt64(truncatingIfNeeded: member)) &* 0x100_0000_01B3
    }
    label = String(hash, radix: 36)
  }

  /// Makes a group of the same ranks whose messages are kept apart from all others, such as those of a save in the
  /// background.
  ///
  /// - Parameter label: The same on all ranks, and of this group alone.
  package init(of base: any ProcessGroup, apartAs label: String) {
    self.base = base
    members = Array(0..<base.count)
    rank = base.rank
    self.label = label
  }

  /// Hands over a message for a rank.
  public func send(
    _ bytes: [UInt8], to rank: Int, named name: String
  ) async throws(CoppiceError) {
    try require(rank: rank)
    try await base.send(bytes, to: members[rank], named: ProcessMessage.name(name, apartAs: label))
  }

  /// Returns the oldest message of a name from a rank, and `nil` when none is there by the deadline.
  public func receive(
    from rank: Int, named name: String, before deadline: ContinuousClock.Instant
  ) async throws(CoppiceError) -> [UInt8]? {
    try require(rank: rank)
    return try await base.receive(
      from: members[rank], named: ProcessMessage.name(name, apartAs: label), before: deadline)
  }

  /// Breaks the group on all ranks that can be reached.
  public func breakUp(because error: CoppiceError) { base.breakUp(because: error) }

  /// Returns the words for ranks in messages, with the numbers that they have in the whole group.
  public func describe(ranks: [Int]) -> String {
    base.describe(ranks: ranks.filter(members.indices.contains).map { members[$0] })
  }
}

extension ProcessGroup {
  /// Returns some ranks as a group of their own, such as the active ranks of a save; `nil` on all other ranks.
  ///
  /// All that take part give the same ranks in the same order; no message is sent. The first becomes rank 0,
  /// which decides for all.
  ///
  /// ```swift
  /// guard let savers = try group.subgroup(of: 0..<4) else { return }
  /// ```
  ///
  /// - Throws: `usage.rank` for a rank that the group doesn't have, or that is given twice, or no ranks.
  public func subgroup(
    of ranks: some Sequence<Int>
  ) throws(CoppiceError) -> ProcessSubgroup? {
    let members = Array(ranks)
    for member in members { try require(rank: member) }
    guard !members.isEmpty, Set(members).count == members.count else {
      throw CoppiceError(
        .usageRank, "a subgroup needs at least one rank, and each rank once; given were \(members)")
    }
    return ProcessSubgroup(of: self, members: members)
  }
}
