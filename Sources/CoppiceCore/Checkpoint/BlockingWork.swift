import CoppiceModel
package import Dispatch

/// A way to run blocking work outside the cooperative thread pool.
package enum BlockingWork {
  /// Runs synchronous work on a thread of its own and waits for it.
  ///
  /// Cancelling the task asks the monitor to stop; the work then cleans up and throws.
  ///
  /// - Throws: The error of `work`; `operation.cancelled`.
  package static func run<Result: Sendable>(
    _ monitor: OperationMonitor, on queue: DispatchQueue = .global(qos: .userInitiated),
    _ work: @escaping @Sendable () throws(CoppiceError) -> Result
  ) async throws(CoppiceError) -> Result {
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.async {
          continuation.resume(returning: Swift.Result(catching: work))
        }
      }
    } onCancel: {
      monitor.cancel()
    }
    return try outcome.get()
  }
}
