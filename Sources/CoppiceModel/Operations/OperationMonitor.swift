import Synchronization

/// The thread between a long operation and whoever watches it: how far it is, and the wish to stop.
///
/// One monitor serves one operation. All members may be used from any thread.
public final class OperationMonitor: Sendable {
  private let doneBytes = Atomic<Int>(0)
  private let expectedBytes = Atomic<Int>(0)
  private let cancelled = Atomic<Bool>(false)

  /// Makes a monitor of an operation that has not begun.
  public init() {}

  /// The bytes moved so far.
  public var byteCount: Int { doneBytes.load(ordering: .relaxed) }

  /// The bytes to move in all, as far as they are known.
  public var expectedByteCount: Int { expectedBytes.load(ordering: .relaxed) }

  /// Asks the operation to stop; it cleans up and throws `operation.cancelled`.
  public func cancel() { cancelled.store(true, ordering: .relaxed) }

  /// Tells whether the operation was asked to stop.
  public var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  /// Adds to the bytes that are to be moved.
  package func expect(bytes: Int) { expectedBytes.add(bytes, ordering: .relaxed) }

  /// Adds to the bytes that were moved.
  ///
  /// - Throws: `operation.cancelled` when the operation was asked to stop.
  package func advance(bytes: Int) throws(CoppiceError) {
    doneBytes.add(bytes, ordering: .relaxed)
    try checkCancellation()
  }

  /// Stops an operation that was asked to.
  ///
  /// - Throws: `operation.cancelled`.
  package func checkCancellation() throws(CoppiceError) {
    guard !isCancelled else { throw .cancelled }
  }
}

extension CoppiceError {
  /// The error of what was asked to stop and did.
  package static let cancelled = CoppiceError(
    .operationCancelled, "cancelled; nothing was left behind")
}
