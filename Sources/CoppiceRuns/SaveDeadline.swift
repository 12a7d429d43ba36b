import CoppiceModel
import Dispatch
import Synchronization

/// A timer that cancels an operation that takes too long.
final class SaveDeadline: Sendable {
  private enum State { case running, over, passed }

  private let state = Mutex(State.running)

  /// Starts the timer.
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

  /// Ends the timer, because the operation is over.
  ///
  /// - Returns: Whether the timer has cancelled the operation.
  func end() -> Bool {
    state.withLock { state in
      if state == .running { state = .over }
      return state == .passed
    }
  }
}
