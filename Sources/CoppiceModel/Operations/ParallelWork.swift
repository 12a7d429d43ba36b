import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs independent jobs on several threads and waits for them.
///
/// It blocks the calling thread: asynchronous callers run it off the cooperative pool.
package enum ParallelWork {
  /// The number of processors that are online.
  package static let processorCount = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  /// How many arrays are moved at once: more would take memory without saving time.
  package static let streamCount = min(processorCount, 8)

  /// How many arrays are moved at once where each is read or decoded and then waits for a device: the
  /// processors go on with others meanwhile.
  package static let waitingStreamCount = min(2 * processorCount, 8)

  /// Runs jobs `0..<count`, at most `width` at once; after a failure no further job begins.
  ///
  /// - Throws: The first failure.
  package static func run(
    count: Int, width: Int = processorCount,
    _ job: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let width = min(max(width, 1), count)
    guard width > 1 else {
      for index in 0..<max(count, 0) { try job(index) }
      return
    }
    let next = Atomic<Int>(0)
    let failure = Mutex<CoppiceError?>(nil)
    onThreads(width) {
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < count, failure.withLock({ $0 == nil }) else { return }
        do throws(CoppiceError) {
          try job(index)
        } catch {
          failure.withLock { if $0 == nil { $0 = error } }
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// Does the same on a number of threads at once, the caller's among them.
  private static func onThreads(_ width: Int, _ work: @Sendable () -> Void) {
    guard width > processorCount else {
      return DispatchQueue.concurrentPerform(iterations: width) { _ in work() }
    }
    // `concurrentPerform`, which shares its threads with work inside of work, never takes more than
    // there are processors; serial queues have threads of their own.
    withoutActuallyEscaping(work) { work in
      let others = DispatchGroup()
      for _ in 1..<width {
        DispatchQueue(label: "coppice.parallel-work").async(group: others) { work() }
      }
      work()
      others.wait()
    }
  }
}
