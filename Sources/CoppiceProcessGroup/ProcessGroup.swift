public import CoppiceModel

/// The processes that save and load a checkpoint together, and the messages between them.
///
/// A group has a value on each of its ranks. Messages are matched by their sender and their *name*, which the
/// caller's operation gives, such as `save 1000/plan`; they are never counted. So a rank that left out a call
/// can't make the others take one message for another. Operations that run at the same time need different
/// names.
///
/// ``LocalProcessGroup`` runs ranks as tasks of one process; `MPIProcessGroup` of the product `CoppiceMPI` is for
/// programs that `mpirun` starts. A type of your own needs the six requirements; all other calls are built on
/// them.
public protocol ProcessGroup: Sendable {
  /// The number of this process: `0..<count`.
  var rank: Int { get }

  /// The number of processes.
  var count: Int { get }

  /// Hands over a message for a rank, which may be this one; does not wait until the rank takes it.
  ///
  /// Messages of one name arrive in the order in which they were sent.
  ///
  /// - Parameters:
  ///   - bytes: At most ``ProcessMessage/byteLimit`` bytes.
  ///   - rank: The receiver.
  ///   - name: At most ``ProcessMessage/nameByteLimit`` bytes of UTF-8.
  /// - Throws: `operation.absent-rank`, `operation.rank-failed` or `operation.broken-group` when the group is
  ///   broken; `usage.rank`, `usage.message`.
  func send(_ bytes: [UInt8], to rank: Int, named name: String) async throws(CoppiceError)

  /// Returns the oldest message of a name from a rank, and `nil` when none is there by the deadline.
  ///
  /// A deadline that has passed asks for a message that is there already. No call waits by blocking its thread.
  ///
  /// - Throws: `operation.absent-rank` when the sender has ended, `operation.rank-failed` when it ended with an error;
  ///   `operation.absent-rank`, `operation.rank-failed` or `operation.broken-group` when the group is broken;
  ///   `operation.cancelled`; `usage.rank`.
  func receive(
    from rank: Int, named name: String, before deadline: ContinuousClock.Instant
  ) async throws(CoppiceError) -> [UInt8]?

  /// Breaks the group on all ranks that can be reached: a rank was lost.
  ///
  /// The first call on each rank that notices it throws the error; later calls throw `operation.broken-group`.
  /// A broken group stays broken. This call returns at once.
  func breakUp(because error: CoppiceError)

  /// Returns the words for ranks in messages, such as `ranks 3 and 5 of 8`.
  func describe(ranks: [Int]) -> String
}

extension ProcessGroup {
  /// Whether this is rank 0, which decides for all.
  public var isPrimary: Bool { rank == 0 }

  /// Returns the words for ranks in messages, such as `ranks 3 and 5 of 8`.
  public func describe(ranks: [Int]) -> String { RankText.describe(ranks, of: count) }

  /// Refuses a rank that the group doesn't have.
  package func require(rank: Int) throws(CoppiceError) {
    guard (0..<count).contains(rank) else {
      throw CoppiceError(
        .usageRank, "the group has the ranks 0 to \(count - 1), and no rank \(rank)")
    }
  }
}
