import Synchronization

/// A monitor of a long operation, which reports its progress and carries its cancellation.
///
/// One monitor serves one operation. All members may be used from any thread.
public final class OperationMonitor: Sendable {
  private let doneBytes = Atomic<Int>(0)
  private let expectedBytes = Atomic<Int>(0)
  private let cancelled = Atomic<Bool>(false)
  /// The error that the operation throws, if the program didn't cancel it.
  private let reason = Mutex<CoppiceError?>(nil)

  /// Makes a monitor for an operation that has not started.
  public init() {}

  /// The number of bytes processed so far.
  public var byteCount: Int { doneBytes.load(ordering: .relaxed) }

  /// The number of bytes to process in all, as far as known.
  public var expectedByteCount: Int { expectedBytes.load(ordering: .relaxed) }

  /// Asks the operation to stop; it cleans up and throws `operation.cancelled`.
  public func cancel() { cancelled.store(true, ordering: .relaxed) }

  /// Asks the operation to stop; it cleans up and throws an error, unless it was asked before.
  package func cancel(because error: CoppiceError) {
    reason.withLock { if !isCancelled { $0 = error } }
    cancel()
  }

  /// Whether the operation was asked to stop.
  public var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  /// Adds to the number of bytes to process.
  public func expect(bytes: Int) { expectedBytes.add(bytes, ordering: .relaxed) }

  /// Adds to the number of processed bytes.
  ///
  /// - Throws: `operation.cancelled` when the operation was asked to stop, `operation.timed-out` when its time is over.
  public func advance(bytes: Int) throws(CoppiceError) {
    doneBytes.add(bytes, ordering: .relaxed)
    try checkCancellation()
  }

  /// Adds what another monitor of a part of the operation has counted.
  package func add(bytes: Int, expected: Int) {
    doneBytes.add(bytes, ordering: .relaxed)
    expectedBytes.add(expected, ordering: .relaxed)
  }

  /// Stops the operation if it was asked to stop.
  ///
  /// - Throws: `operation.cancelled`, or the error with which it was stopped.
  package func checkCancellation() throws(CoppiceError) {
    guard !isCancelled else { throw reason.withLock(\.self) ?? .cancelled }
  }
}

extension CoppiceError {
  /// The error of a cancelled operation.
  public static let cancelled = CoppiceError(
    .operationCancelled, "cancelled; nothing was left behind")
}
