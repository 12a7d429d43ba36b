import CoppiceModel
import Dispatch
import Synchronization
import SystemPackage

/// A timer that stops a save that takes too long.
final class SaveDeadline: Sendable {
  private let isOver = Atomic<Bool>(false)

  /// Starts the timer.
  ///
  /// - Parameter path: The step that is saved, for the error.
  init(_ time: Duration, _ monitor: OperationMonitor, _ path: FilePath) {
    let error = CoppiceError(
      .operationTimedOut,
      "saving took longer than \(time) and was stopped; nothing was left behind",
      at: .init(file: path.string))
    let deadline = DispatchTime.now() + .nanoseconds(max(time.nanoseconds, 0))
    DispatchQueue.global().asyncAfter(deadline: deadline) { [weak self, weak monitor] in
      guard self?.isOver.load(ordering: .relaxed) == false else { return }
      monitor?.cancel(because: error)
    }
  }

  /// Ends the timer, because the save is over.
  func end() { isOver.store(true, ordering: .relaxed) }
}
