public import CoppiceModel
package import Dispatch
import Synchronization

/// The handle of a save in the background: its progress, its result, and a way to cancel it.
///
/// Releasing the handle doesn't stop the save, but loses its error: await `result()`.
public final class SaveOperation: Sendable {
  private enum State {
    case running([CheckedContinuation<Result<Void, CoppiceError>, Never>])
    case ended(Result<Void, CoppiceError>)
  }

  /// The save's progress: the bytes done, and the bytes in all.
  public let monitor: OperationMonitor

  private let state = Mutex(State.running([]))

  /// Begins a save.
  ///
  /// - Parameters:
  ///   - monitor: The save's progress and cancellation.
  ///   - queue: The queue on which the save runs; a serial queue keeps saves in order.
  ///   - save: The whole save; it cleans up after itself when it throws.
  package init(
    monitor: OperationMonitor = OperationMonitor(),
    on queue: DispatchQueue = .global(qos: .userInitiated),
    _ save: @escaping @Sendable () throws(CoppiceError) -> Void
  ) {
    self.monitor = monitor
    queue.async { self.end(Result(catching: save)) }
  }

  /// Begins a save that waits for other processes.
  package init(
    monitor: OperationMonitor, _ save: @escaping @Sendable () async throws(CoppiceError) -> Void
  ) {
    self.monitor = monitor
    Task {
      do throws(CoppiceError) {
        try await save()
        end(.success(()))
      } catch {
        end(.failure(error))
      }
    }
  }

  /// Waits until the save ends.
  ///
  /// Cancelling the waiting task doesn't cancel the save; `cancel()` does.
  ///
  /// - Throws: The error that ended the save; `operation.cancelled` after `cancel()`.
  public func result() async throws(CoppiceError) {
    let outcome = await withCheckedContinuation { continuation in
      let ended: Result<Void, CoppiceError>? = state.withLock { state in
        switch state {
        case .ended(let outcome): return outcome
        case .running(let waiting):
          state = .running(waiting + [continuation])
          return nil
        }
      }
      if let ended { continuation.resume(returning: ended) }
    }
    try outcome.get()
  }

  /// Whether the save has ended, with or without an error.
  public var isFinished: Bool {
    state.withLock { if case .ended = $0 { true } else { false } }
  }

  /// Asks the save to stop; it leaves nothing behind, unless it was already committed.
  public func cancel() { monitor.cancel() }

  private func end(_ outcome: Result<Void, CoppiceError>) {
    let waiting = state.withLock { state in
      defer { state = .ended(outcome) }
      if case .running(let waiting) = state { return waiting }
      return []
    }
    for continuation in waiting { continuation.resume(returning: outcome) }
  }
}
