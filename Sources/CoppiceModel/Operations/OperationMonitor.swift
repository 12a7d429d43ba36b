import Synchronization

/// A monitor of a long operation, which reports its progress and carries its cancellation.
///
/// One monitor serves one operation. All members may be used from any thread.
public final class OperationMonitor: Sendable {
  private let doneBytes = Atomic<Int>(0)
  private let expectedBytes = Atomic<Int>(0)
  private let cancelled = Atomic<Bool>(false)

  /// Makes a monitor for an operation that has not started.
  public init() {}

  /// The number of bytes processed so far.
  public var byteCount: Int { doneBytes.load(ordering: .relaxed) }

  /// The number of bytes to process in all, as far as known.
  public var expectedByteCount: Int { expectedBytes.load(ordering: .relaxed) }

  /// Asks the operation to stop; it cleans up and throws `operation.cancelled`.
  public func cancel() { cancelled.store(true, ordering: .relaxed) }

  /// Whether the operation was asked to stop.
  public var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  /// Adds to the number of bytes to process.
  public func expect(bytes: Int) { expectedBytes.add(bytes, ordering: .relaxed) }

  /// Adds to the number of processed bytes.
  ///
  /// - Throws: `operation.cancelled` when the operation was asked to stop.
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
  /// - Throws: `operation.cancelled`.
  package func checkCancellation() throws(CoppiceError) {
    guard !isCancelled else { throw .cancelled }
  }
}

extension CoppiceError {
  /// The error of a cancelled operation.
  public static let cancelled = CoppiceError(
    .operationCancelled, "cancelled; nothing was left behind")
}
