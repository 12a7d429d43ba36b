package import CoppiceModel
import Synchronization

/// A part of an operation that each rank works on for as long as it takes.
///
/// While they work, the ranks tell rank 0 about their progress, and rank 0 tells them that it is there. So the limit is
/// one of silence, and not one of the work. When one fails or is cancelled, all others are stopped, and all throw the
/// same error.
package struct GroupWork: Sendable {
  /// The ranks.
  package let group: any ProcessGroup
  /// The operation's name, of which a part's name is the end.
  package let name: String
  /// The longest silence of a rank that isn't lost.
  package let limit: Duration
  /// The monitor of the caller on this rank: that of rank 0 counts the bytes of all ranks.
  package let monitor: OperationMonitor
  /// Returns whether the message of an error names the ranks that failed; otherwise it is that of the first.
  package let namesRanks: @Sendable (CoppiceError) -> Bool

  /// The work of this rank, which a monitor stops; its result is for rank 0.
  package typealias Body =
    @Sendable (OperationMonitor) async throws(CoppiceError) -> [UInt8]

  /// The work of rank 0 with the results of all; its result is for all ranks.
  package typealias Conclusion = @Sendable ([[UInt8]]) async throws(CoppiceError) -> [UInt8]

  /// Makes the work of an operation.
  package init(
    _ group: any ProcessGroup, named name: String, within limit: Duration,
    monitor: OperationMonitor,
    namesRanks: @escaping @Sendable (CoppiceError) -> Bool = { _ in true }
  ) {
    self.group = group
    self.name = name
    self.limit = limit
    self.monitor = monitor
    self.namesRanks = namesRanks
  }

  /// Does a part on each rank, and then a conclusion on rank 0, and returns its result on all ranks.
  ///
  /// - Throws: The same error on all ranks; `operation.cancelled` when any rank was cancelled; the errors of lost ranks.
  package func run(
    _ part: String, _ body: @escaping Body,
    then conclusion: @escaping Conclusion = { (_) throws(CoppiceError) in [] }
  ) async throws(CoppiceError) -> [UInt8] {
    let operation = GroupOperation(group: group, name: "\(name)/\(part)", limit: limit)
    let shift = WorkShift(operation, monitor, namesRanks)
    guard let all = try await shift.run(body) else {
      let answer = try await operation.distribute([], from: 0)
      guard answer.first == 1 else {
        guard let error = CoppiceError(messageBytes: answer.dropFirst()) else {
          throw operation.malformed(from: 0)
        }
        throw error
      }
      return Array(answer.dropFirst())
    }
    do throws(CoppiceError) {
      let answer = try await shift.keepingOthersWaiting { () throws(CoppiceError) in
        try await conclusion(all)
      }
      _ = try await operation.distribute([1] + answer, from: 0)
      return answer
    } catch {
      var named = error
      if error.code != .operationCancelled, namesRanks(error), !error.code.isLoss {
        named.message = group.describe(ranks: [0]) + ": " + error.message
      }
      // A group that is broken can't be told.
      if !error.code.isLoss {
        _ = try await operation.distribute([0] + named.messageBytes, from: 0)
      }
      throw named
    }
  }
}
