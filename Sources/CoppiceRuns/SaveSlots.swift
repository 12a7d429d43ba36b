import CoppiceModel
import Synchronization

/// The slots of the saves that may be under way at once, given out in the order of the calls.
final class SaveSlots: Sendable {
  private struct Waiter {
    var number: Int
    var continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var free: Int
    var waiting: [Waiter] = []
    /// The number of calls so far.
    var count = 0
  }

  private let state: Mutex<State>

  init(_ count: Int) { state = Mutex(State(free: max(count, 1))) }

  /// Waits for a free slot and takes it.
  ///
  /// - Throws: `operation.cancelled` when the task is cancelled before a slot is free.
  func take() async throws(CoppiceError) {
    let number = state.withLock { state in
      state.count += 1
      return state.count
    }
    let isTaken = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          if state.free > 0 {
            state.free -= 1
            return true
          }
          // The cancellation handler below may have run already, before there was a continuation to
          // resume.
          if Task.isCancelled { return false }
          state.waiting.append(Waiter(number: number, continuation: continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0) }
      }
      waiter?.continuation.resume(returning: false)
    }
    guard isTaken else {
      throw CoppiceError(.operationCancelled, "cancelled while an earlier save was going on")
    }
  }

  /// Frees a slot, and passes it to the task that has waited longest.
  func giveBack() {
    let next: Waiter? = state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.continuation.resume(returning: true)
  }
}
