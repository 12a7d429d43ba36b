import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Independent jobs that run on several threads while the caller waits.
///
/// The calling thread blocks: asynchronous callers must not call it on the cooperative pool.
package enum ParallelWork {
  /// The number of processors that are online.
  package static let processorCount = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  /// The number of arrays that are processed at once; more would take memory without saving time.
  package static let streamCount = min(processorCount, 8)

  /// The number of arrays that are processed at once where each job is decoded and then waits for a
  /// device.
  ///
  /// Meanwhile the processors work on other jobs.
  package static let waitingStreamCount = min(2 * processorCount, 8)

  /// Runs jobs `0..<count`, at most `width` at once; after a failure no further job starts.
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

  /// Runs a closure on several threads at once, including the caller's.
  private static func onThreads(_ width: Int, _ work: @Sendable () -> Void) {
    guard width > processorCount else {
      return DispatchQueue.concurrentPerform(iterations: width) { _ in work() }
    }
    // `concurrentPerform` never uses more threads than there are processors, since it shares them
    // with nested work; serial queues have threads of their own.
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
