import CoppiceModel
import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An iterator over the bytes of an array, piece by piece.
///
/// Sources push their pieces, each source with its own sizes. To read two sources in step, one of
/// them runs on a thread of its own, which waits until its piece is taken. At most two pieces are
/// held.
final class PieceIterator: Sendable {
  private struct State {
    var piece: [UInt8] = []
    var isFull = false
    var isFinished = false
    var isStopped = false
    var failure: CoppiceError?
  }

  private let source: any ArraySource
  private let state = Mutex(State())
  private let filled = DispatchSemaphore(value: 0)
  private let emptied = DispatchSemaphore(value: 0)
  private let finished = DispatchSemaphore(value: 0)
  private let pieceBytes: Int

  /// Starts the thread.
  ///
  /// - Throws: `limit.memory` when the system can't create a thread.
  init(_ source: any ArraySource, pieceBytes: Int) throws(CoppiceError) {
    self.source = source
    self.pieceBytes = pieceBytes
    // A thread of its own: waiting on a queue's thread would keep other work from running.
    let box = Unmanaged.passRetained(self)
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(&thread, nil, { Self.main($0) }, box.toOpaque())
      if status == 0, let thread { pthread_detach(thread) }
    #else
      var thread = pthread_t()
      let status = pthread_create(
        &thread, nil,
        { (box: UnsafeMutableRawPointer?) in
          if let box { PieceIterator.main(box) }
          return nil
        }, box.toOpaque())
      if status == 0 { pthread_detach(thread) }
    #endif
    guard status == 0 else {
      box.release()
      throw CoppiceError(
        .limitMemory, "the system can't create a thread for reading", cause: .system(errno: status))
    }
  }

  @discardableResult
  private static func main(_ box: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<PieceIterator>.fromOpaque(box).takeRetainedValue().push()
    return nil
  }

  private func push() {
    do throws(CoppiceError) {
      try source.forEachPiece(ofAtMost: pieceBytes) { (piece) throws(CoppiceError) in
        // Decoders push whole chunks, whatever size is requested.
        var start = 0
        while start < piece.byteCount {
          let end = min(start + pieceBytes, piece.byteCount)
          try give(piece.extracting(start..<end))
          start = end
        }
      }
      state.withLock { $0.isFinished = true }
    } catch {
      state.withLock {
        $0.isFinished = true
        $0.failure = error
      }
    }
    filled.signal()
    finished.signal()
  }

  private func give(_ piece: RawSpan) throws(CoppiceError) {
    let isStopped = state.withLock { state in
      state.piece.removeAll(keepingCapacity: true)
      piece.withUnsafeBytes { state.piece.append(contentsOf: $0) }
      state.isFull = true
      return state.isStopped
    }
    guard !isStopped else { throw CoppiceError(.operationCancelled, "stopped") }
    filled.signal()
    emptied.wait()
    guard !state.withLock({ $0.isStopped }) else {
      throw CoppiceError(.operationCancelled, "stopped")
    }
  }

  /// Takes the next piece in exchange for an unused buffer; returns `false` at the end.
  ///
  /// - Throws: The errors of the source.
  func next(_ piece: inout [UInt8]) throws(CoppiceError) -> Bool {
    filled.wait()
    let (isThere, failure) = state.withLock { state in
      guard state.isFull else { return (false, state.failure) }
      swap(&state.piece, &piece)
      state.isFull = false
      return (true, nil as CoppiceError?)
    }
    // At the end the semaphore stays signalled, so that further calls return at once.
    if isThere { emptied.signal() } else { filled.signal() }
    if let failure { throw failure }
    return isThere
  }

  /// Stops the thread and waits for its end.
  func stop() {
    state.withLock { $0.isStopped = true }
    emptied.signal()
    finished.wait()
  }
}
