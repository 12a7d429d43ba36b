import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Lets jobs that run at the same time do one part of their work in the order of their numbers.
///
/// The parts are short, so that waiting yields the processor instead of sleeping.
package final class OrderedTurns: Sendable {
  private let next = Atomic<Int>(0)
  private static let failed = Int.min

  package init() {}

  /// Waits for a turn; `false` when a job before has failed.
  ///
  /// Jobs must begin in the order of their numbers, so that the one waited for is running.
  package func wait(_ index: Int) -> Bool {
    while true {
      let turn = next.load(ordering: .acquiring)
      if turn == index { return true }
      if turn == Self.failed { return false }
      sched_yield()
    }
  }

  /// Ends a turn.
  package func pass(_ index: Int) { next.store(index + 1, ordering: .releasing) }

  /// Sends all home.
  package func fail() { next.store(Self.failed, ordering: .releasing) }
}
