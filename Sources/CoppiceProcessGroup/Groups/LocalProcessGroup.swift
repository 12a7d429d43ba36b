public import CoppiceModel

/// A group whose ranks are tasks of this process: for tests, examples and simulations.
///
/// ```swift
/// let results = await LocalProcessGroup.run(count: 4) { group in
///   try await group.allGather([UInt8(group.rank)], named: "ranks", within: .seconds(10))
/// }
/// ```
///
/// Messages are handed over in memory. A rank whose closure returns is absent for those who wait for it
/// later, and they needn't wait for the limit.
public struct LocalProcessGroup: ProcessGroup {
  /// The number of this process: `0..<count`.
  public let rank: Int

  /// The number of processes.
  public var count: Int { ranks.count }

  private let ranks: LocalRanks

  /// Runs a closure on each rank, as tasks, and returns when all have ended.
  ///
  /// Cancelling the task cancels all ranks. The ranks share the threads of the process: thousands of them are fine.
  ///
  /// - Parameters:
  ///   - count: The number of ranks; none run if it isn't positive.
  ///   - body: The program of each rank.
  /// - Returns: The outcome of each rank, in their order.
  public static func run<Value: Sendable>(
    count: Int, _ body: @escaping @Sendable (LocalProcessGroup) async throws -> Value
  ) async -> [Result<Value, any Error>] {
    let ranks = LocalRanks(count: max(count, 0))
    return await withTaskGroup { tasks in
      for rank in 0..<ranks.count {
        tasks.addTask {
          let group = LocalProcessGroup(rank: rank, ranks: ranks)
          let result: Result<Value, any Error>
          do { result = .success(try await body(group)) } catch { result = .failure(error) }
          group.end(result)
          return (rank, result)
        }
      }
      var results: [Int: Result<Value, any Error>] = [:]
      for await (rank, result) in tasks { results[rank] = result }
      return (0..<ranks.count).compactMap { results[$0] }
    }
  }

  /// Hands over a message for a rank.
  public func send(
    _ bytes: [UInt8], to rank: Int, named name: String
  ) async throws(CoppiceError) {
    try require(rank: rank)
    try ProcessMessage.check(bytes, named: name)
    try ranks[self.rank].checkUsable()
    if let error = ranks[rank].deliver(bytes, at: .init(sender: self.rank, name: name)) {
      ranks.breakUp(because: error)
    }
  }

  /// Returns the oldest message of a name from a rank, and `nil` when none is there by the deadline.
  public func receive(
    from rank: Int, named name: String, before deadline: ContinuousClock.Instant
  ) async throws(CoppiceError) -> [UInt8]? {
    try require(rank: rank)
    return try await ranks[self.rank].receive(
      at: .init(sender: rank, name: name), before: deadline)
  }

  /// Breaks the group on all ranks that can be reached.
  public func breakUp(because error: CoppiceError) {
    guard ranks[rank].breakUp(error) else { return }
    ranks[rank].acknowledgeBreakage()
    ranks.breakUp(because: error)
  }

  /// Tells the other ranks that this one sends nothing more.
  private func end<Value>(_ result: Result<Value, any Error>) {
    var departure = Departure(rank: describe(ranks: [rank]), failure: nil)
    if case .failure(let error) = result { departure.failure = .ofRank(error) }
    ranks.end(rank, departure)
  }
}

extension CoppiceError {
  /// Returns an error of a rank's program in the form in which other ranks see it.
  package static func ofRank(_ error: any Error) -> CoppiceError {
    (error as? CoppiceError)
      ?? CoppiceError(.operationRankFailed, "\(error)", cause: .other(error))
  }
}
