import CoppiceModel
import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of an array, asked for piece by piece.
///
/// Sources push their pieces, each in its own cut; to go through two of them in step, one is pushed
/// from a thread of its own that waits until its piece is taken. At most two pieces are held.
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
  /// - Throws: `limit.memory` when the system has no thread to give.
  init(_ source: any ArraySource, pieceBytes: Int) throws(CoppiceError) {
    self.source = source
    self.pieceBytes = pieceBytes
    // A thread rather than a queue's: one that waits must not keep others from running.
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
        .limitMemory, "the system has no thread for reading", cause: .system(errno: status))
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
        // Decoders give whole chunks, whatever was asked for.
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

  /// Takes the next piece in exchange for a buffer that is no longer needed; `false` at the end.
  ///
  /// - Throws: What the source throws.
  func next(_ piece: inout [UInt8]) throws(CoppiceError) -> Bool {
    filled.wait()
    let (isThere, failure) = state.withLock { state in
      guard state.isFull else { return (false, state.failure) }
      swap(&state.piece, &piece)
      state.isFull = false
      return (true, nil as CoppiceError?)
    }
    // The end stays the end, however often it is asked for.
    if isThere { emptied.signal() } else { filled.signal() }
    if let failure { throw failure }
    return isThere
  }

  /// Ends the thread and waits for it.
  func stop() {
    state.withLock { $0.isStopped = true }
    emptied.signal()
    finished.wait()
  }
}
