import Synchronization

/// Gives out jobs so that as few threads as can be write to one file: a system may let only one
/// thread at a time put bytes into the page cache for a file.
final class PerFileJobQueue<Job: Sendable>: Sendable {
  /// A job and the file that it writes to.
  struct Turn: Sendable {
    let job: Job
    fileprivate let file: Int
  }

  /// What is left to do of one file.
  private struct Queue: Sendable {
    var jobs: ArraySlice<Job>
    var writers = 0

    /// What has no jobs comes last.
    func comes(before other: Queue) -> Bool {
      (jobs.isEmpty ? 1 : 0, writers, -jobs.count)
        < (other.jobs.isEmpty ? 1 : 0, other.writers, -other.jobs.count)
    }
  }

  private let queues: Mutex<[Queue]>

  /// The number of jobs.
  let count: Int

  /// Takes the jobs of each file, which are begun in their order.
  init(_ jobs: [[Job]]) {
    count = jobs.reduce(0) { $0 + $1.count }
    queues = Mutex(jobs.map { Queue(jobs: $0[...]) })
  }

  /// Begins a job of the file that the fewest threads write to, of several the one with most left.
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

  /// Notes that a job is done, or has failed.
  func end(_ turn: Turn) {
    queues.withLock { $0[turn.file].writers -= 1 }
  }
}
