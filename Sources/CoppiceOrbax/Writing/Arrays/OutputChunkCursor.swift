import CoppiceModel

/// Cuts the bytes of an array, which come piece by piece in C order, at the borders of its chunks.
struct OutputChunkCursor {
  private let array: OutputArray
  /// The chunk that the next byte belongs to.
  private(set) var number = 0
  private(set) var key: StoreKey
  /// The bytes of that chunk that lie inside the array, and those that have come.
  private(set) var byteCount: Int
  private(set) var filled = 0

  init(_ array: OutputArray) {
    self.array = array
    (key, byteCount) = array.chunkCount > 0 ? array.chunk(0) : ([], 0)
  }

  var isAtEnd: Bool { number == array.chunkCount }

  /// Gives each part of a piece that belongs to one chunk, with its place in there.
  ///
  /// - Parameter body: Told too whether the chunk is whole now.
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

  /// Checks that all bytes have come.
  func requireEnd() throws(CoppiceError) {
    guard isAtEnd else {
      throw CoppiceError(.modelByteCount, "the array gave fewer bytes than it has")
    }
  }
}
