import Synchronization

/// A queue of jobs that keeps the number of threads writing to one file as low as possible.
///
/// A system may let only one thread at a time copy bytes into the page cache of a file.
final class PerFileJobQueue<Job: Sendable>: Sendable {
  /// A job and the file that it writes to.
  struct Turn: Sendable {
    let job: Job
    fileprivate let file: Int
  }

  /// The remaining jobs of one file.
  private struct Queue: Sendable {
    var jobs: ArraySlice<Job>
    var writers = 0

    /// Orders queues for `begin()`; a queue without jobs comes last.
    func comes(before other: Queue) -> Bool {
      (jobs.isEmpty ? 1 : 0, writers, -jobs.count)
        < (other.jobs.isEmpty ? 1 : 0, other.writers, -other.jobs.count)
    }
  }

  private let queues: Mutex<[Queue]>

  /// The number of jobs.
  let count: Int

  /// Makes a queue; the jobs of each file start in the given order.
  init(_ jobs: [[Job]]) {
    count = jobs.reduce(0) { $0 + $1.count }
    queues = Mutex(jobs.map { Queue(jobs: $0[...]) })
  }

  /// Starts a job of the file with the fewest writing threads; among these, the one with most jobs
  /// left.
  ///
  /// Complexity: O(files).
  func begin() -> Turn? {
    queues.withLock { queues in
      let file = queues.indices.min { queues[$0].comes(before: queues[$1]) }
      guard let file, let job = queues[file].jobs.popFirst() else { return nil }
      queues[file].writers += 1
      return Turn(job: job, file: file)
    }
  }

  /// Records that a job has finished or failed.
  func end(_ turn: Turn) {
    queues.withLock { $0[turn.file].writers -= 1 }
  }
}
