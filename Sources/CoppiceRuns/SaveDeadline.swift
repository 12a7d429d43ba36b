import CoppiceModel
import Dispatch
import Synchronization

/// Stops an operation that takes too long.
final class SaveDeadline: Sendable {
  private enum State { case running, over, passed }

  private let state = Mutex(State.running)

  /// Asks the operation to stop after a time, unless it is over then.
  init(_ time: Duration, _ monitor: OperationMonitor) {
    let deadline = DispatchTime.now() + .nanoseconds(max(time.nanoseconds, 0))
    DispatchQueue.global().asyncAfter(deadline: deadline) { [weak self, weak monitor] in
      let hasPassed = self?.state.withLock { state in
        if state == .running { state = .passed }
        return state == .passed
      }
      if hasPassed ?? false { monitor?.cancel() }
    }
  }

  /// Says that the operation is over.
  ///
  /// - Returns: Whether it was stopped.
  func end() -> Bool {
    state.withLock { state in
      if state == .running { state = .over }
      return state == .passed
    }
  }
}
