public import CoppiceModel
import Dispatch
import Synchronization

/// A save of a step that goes on while the program does: how it ended, and how to stop it.
///
/// An error that nobody awaits here is thrown by the next save, `wait()` or `close()` of the
/// checkpointer, once.
public final class StepSave: Sendable {
  /// The step.
  public let step: Int

  /// What is known of the step while it is on its way.
  let pending: CheckpointInfo

  private let operation: SaveOperation
  private let outcome: Outcome

  /// What becomes of the save, for the queue that runs it and whoever holds the handle.
  final class Outcome: Sendable {
    let info = Mutex<CheckpointInfo?>(nil)
    /// Whether somebody hears of an error.
    let isAwaited = Atomic<Bool>(false)
  }

  /// Puts a save at the end of a queue.
  init(
    _ pending: CheckpointInfo, on queue: DispatchQueue, isAwaited: Bool,
    _ save: @escaping @Sendable (OperationMonitor, Outcome) throws(CoppiceError) -> Void
  ) {
    let outcome = Outcome()
    outcome.isAwaited.store(isAwaited, ordering: .relaxed)
    let monitor = OperationMonitor()
    self.step = pending.step
    self.pending = pending
    self.outcome = outcome
    operation = SaveOperation(monitor: monitor, on: queue) { () throws(CoppiceError) in
      try save(monitor, outcome)
    }
  }

  /// Waits for the end.
  ///
  /// Cancelling the waiting task doesn't cancel the save; `cancel()` does.
  ///
  /// - Returns: What is known of the step now.
  /// - Throws: What went wrong; `operation.cancelled` after `cancel()`; `operation.timed-out`;
  ///   `operation.callback` when the step is saved but a closure of the program threw.
  @discardableResult
  public func result() async throws(CoppiceError) -> CheckpointInfo {
    outcome.isAwaited.store(true, ordering: .relaxed)
    try await operation.result()
    return outcome.info.withLock(\.self) ?? pending
  }

  /// How far the save is: its bytes, and the bytes in all.
  public var monitor: OperationMonitor { operation.monitor }

  /// Whether the save has ended, well or not.
  public var isFinished: Bool { operation.isFinished }

  /// Asks the save to stop; it leaves nothing behind, unless it was already committed.
  public func cancel() { operation.cancel() }

  /// Waits for the end without asking how it ended.
  func ended() async { _ = try? await operation.result() }
}
