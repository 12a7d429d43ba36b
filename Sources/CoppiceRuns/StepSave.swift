public import CoppiceModel
import Dispatch
import Synchronization

/// A handle of a save that runs while the program goes on: it tells how the save ended, and can
/// stop it.
///
/// If the save fails and `result()` is never awaited, the next save, `wait()` or `close()` of the
/// checkpointer throws the error, once.
public final class StepSave: Sendable {
  /// The number of the step.
  public let step: Int

  /// The description of the step before it is saved.
  let pending: CheckpointInfo

  private let operation: SaveOperation
  let outcome: Outcome

  /// The outcome of the save, shared by the queue that runs it and the handle.
  final class Outcome: Sendable {
    /// The number of the save, the same on all ranks of a group.
    let number: Int
    let info = Mutex<CheckpointInfo?>(nil)
    /// Whether something awaits the result, and so receives an error.
    let isAwaited: Atomic<Bool>

    init(_ number: Int, isAwaited: Bool) {
      self.number = number
      self.isAwaited = Atomic(isAwaited)
    }
  }

  /// Puts a save at the end of a queue.
  convenience init(
    _ pending: CheckpointInfo, _ number: Int, on queue: DispatchQueue, isAwaited: Bool,
    _ save: @escaping @Sendable (OperationMonitor, Outcome) throws(CoppiceError) -> Void
  ) {
    self.init(pending, Outcome(number, isAwaited: isAwaited)) { (monitor, outcome) in
      SaveOperation(monitor: monitor, on: queue) { () throws(CoppiceError) in
        try save(monitor, outcome)
      }
    }
  }

  /// Begins a save by a group.
  convenience init(
    _ pending: CheckpointInfo, _ number: Int, isAwaited: Bool,
    byGroup save:
      @escaping @Sendable (OperationMonitor, Outcome) async throws(CoppiceError) -> Void
  ) {
    self.init(pending, Outcome(number, isAwaited: isAwaited)) { (monitor, outcome) in
      SaveOperation(monitor: monitor) { () async throws(CoppiceError) in
        try await save(monitor, outcome)
      }
    }
  }

  private init(
    _ pending: CheckpointInfo, _ outcome: Outcome,
    _ begin: (OperationMonitor, Outcome) -> SaveOperation
  ) {
    step = pending.step
    self.pending = pending
    self.outcome = outcome
    operation = begin(OperationMonitor(), outcome)
  }

  /// Waits for the end of the save.
  ///
  /// Cancelling the waiting task doesn't cancel the save; `cancel()` does.
  ///
  /// - Returns: The description of the saved step.
  /// - Throws: The error of the save; `operation.cancelled` after `cancel()`;
  ///   `operation.timed-out`; `operation.callback` when the step is saved but a closure of the
  ///   program threw.
  @discardableResult
  public func result() async throws(CoppiceError) -> CheckpointInfo {
    outcome.isAwaited.store(true, ordering: .relaxed)
    try await operation.result()
    return outcome.info.withLock(\.self) ?? pending
  }

  /// The progress of the save: the bytes written, and the bytes in all.
  public var monitor: OperationMonitor { operation.monitor }

  /// Whether the save has ended, with or without an error.
  public var isFinished: Bool { operation.isFinished }

  /// Asks the save to stop; it leaves nothing on disk, unless it was already committed.
  public func cancel() { operation.cancel() }

  /// Waits for the end of the save and ignores its error.
  func ended() async { _ = try? await operation.result() }
}
