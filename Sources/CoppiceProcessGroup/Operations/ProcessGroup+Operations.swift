public import CoppiceModel

// The operations of a group, which all of its ranks call with the same name. Each wait has a limit; a rank that
// doesn't come breaks the group, and the error on all ranks names it.
extension ProcessGroup {
  /// Returns the next message of a name from a rank; a rank that sends none in time breaks the group.
  ///
  /// - Throws: `operation.absent-rank` and the other errors of `receive(from:named:before:)`.
  public func receive(
    from rank: Int, named name: String, within limit: Duration
  ) async throws(CoppiceError) -> [UInt8] {
    try await GroupOperation(group: self, name: name, limit: limit)
      .message(from: rank, within: limit)
  }

  /// Returns the bytes of all ranks, in their order, at one of them; `nil` at the others.
  ///
  /// Others than the root return when their bytes are handed over. Takes time in proportion to the ranks.
  ///
  /// - Parameters:
  ///   - bytes: Any number of bytes; those of each rank may differ in number.
  ///   - root: The rank that gets the bytes.
  ///   - name: A name of this operation alone, the same on all ranks.
  ///   - limit: The longest wait for each message.
  /// - Throws: `operation.absent-rank`, `operation.rank-failed`, `operation.broken-group`, `operation.cancelled`;
  ///   `usage.rank`, `usage.message`.
  public func gather(
    _ bytes: [UInt8], to root: Int = 0, named name: String, within limit: Duration
  ) async throws(CoppiceError) -> [[UInt8]]? {
    try require(rank: root)
    return try await GroupOperation(group: self, name: name, limit: limit)
      .gather(bytes, to: root, answers: false)
  }

  /// Returns the bytes of one rank at all of them; what the others give is not used.
  ///
  /// Bytes that are few go to each rank directly; megabytes go down a tree of the ranks in pieces of 4 MiB.
  ///
  /// - Throws: As `gather`.
  public func broadcast(
    _ bytes: [UInt8] = [], from root: Int = 0, named name: String, within limit: Duration
  ) async throws(CoppiceError) -> [UInt8] {
    try require(rank: root)
    return try await GroupOperation(group: self, name: name, limit: limit)
      .distribute(bytes, from: root)
  }

  /// Returns the bytes of all ranks, in their order, at all of them.
  ///
  /// - Throws: As `gather`.
  public func allGather(
    _ bytes: [UInt8], named name: String, within limit: Duration
  ) async throws(CoppiceError) -> [[UInt8]] {
    let operation = GroupOperation(group: self, name: name, limit: limit)
    guard let all = try await operation.gather(bytes, to: 0, answers: true) else {
      var reader = MessageReader(try await operation.distribute([], from: 0))
      var parts: [[UInt8]] = []
      while parts.count < count, let part = reader.field() { parts.append(part) }
      guard parts.count == count else { throw operation.malformed(from: 0) }
      return parts
    }
    var writer = MessageWriter()
    for part in all { writer.write(part) }
    _ = try await operation.distribute(writer.bytes, from: 0)
    return all
  }

  /// Waits until all ranks have come.
  ///
  /// - Throws: As `gather`.
  public func barrier(named name: String, within limit: Duration) async throws(CoppiceError) {
    let operation = GroupOperation(group: self, name: name, limit: limit)
    _ = try await operation.gather([], to: 0, answers: true)
    _ = try await operation.distribute([], from: 0)
  }
}
