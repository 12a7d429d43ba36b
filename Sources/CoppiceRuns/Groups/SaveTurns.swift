import Synchronization

/// The turns of the saves of a run by a group: the same order on all ranks, that of rank 0's decisions.
///
/// Tasks of another rank may learn of the decisions in another order.
final class SaveTurns: Sendable {
  private struct State {
    var next = 1
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())

  /// Waits until all saves with lower numbers have ended.
  func wait(for number: Int) async {
    await withCheckedContinuation { continuation in
      let isNext = state.withLock { state in
        if state.next != number { state.waiting[number] = continuation }
        return state.next == number
      }
      if isNext { continuation.resume() }
    }
  }

  /// Ends the turn of a save.
  func pass(_ number: Int) {
    let waiter = state.withLock { state in
      state.next = number + 1
      return state.waiting.removeValue(forKey: state.next)
    }
    waiter?.resume()
  }
}
