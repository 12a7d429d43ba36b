import CoppiceModel
import CoppiceZarr

/// A cursor that cuts the bytes of an array, given in C order, at the borders of its chunks.
struct OutputChunkCursor {
  private let array: OutputArray
  /// The chunk of the next byte.
  private(set) var number = 0
  private(set) var key: StoreKey
  /// The number of that chunk's bytes inside the array, then the number taken so far.
  private(set) var byteCount: Int
  private(set) var filled = 0

  init(_ array: OutputArray) {
    self.array = array
    (key, byteCount) = array.chunkCount > 0 ? array.chunk(0) : ([], 0)
  }

  var isAtEnd: Bool { number == array.chunkCount }

  /// Passes each run of bytes that belongs to one chunk to a closure.
  ///
  /// - Parameter body: Gets the cursor, the bytes, and whether they complete the chunk.
  mutating func take(
    _ piece: RawSpan,
    _ body: (OutputChunkCursor, RawSpan, Bool) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var consumed = 0
    while consumed < piece.byteCount {
      guard !isAtEnd else {
        throw CoppiceError(.modelByteCount, "the array gave more bytes than it has")
      }
      let count = min(byteCount - filled, piece.byteCount - consumed)
      let isWhole = filled + count == byteCount
      try body(self, piece.extracting(consumed..<(consumed + count)), isWhole)
      consumed += count
      filled += count
      if isWhole { advance() }
    }
  }

  private mutating func advance() {
    number += 1
    filled = 0
    if !isAtEnd { (key, byteCount) = array.chunk(number) }
  }

  /// Checks that all bytes have been taken.
  func requireEnd() throws(CoppiceError) {
    guard isAtEnd else {
      throw CoppiceError(.modelByteCount, "the array gave fewer bytes than it has")
    }
  }
}
