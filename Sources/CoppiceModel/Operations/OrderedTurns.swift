import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The turns of concurrent jobs that do a section of their work in the order of their numbers.
///
/// The sections are short, so waiting yields the processor instead of sleeping.
package final class OrderedTurns: Sendable {
  private let next = Atomic<Int>(0)
  private static let failed = Int.min

  package init() {}

  /// Waits for a job's turn; returns `false` when any job has failed.
  ///
  /// Jobs must start in the order of their numbers, so that the awaited job is running.
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

  /// Fails the sequence; every waiting job returns `false`.
  package func fail() { next.store(Self.failed, ordering: .releasing) }
}
