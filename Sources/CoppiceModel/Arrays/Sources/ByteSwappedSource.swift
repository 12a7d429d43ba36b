/// A little-endian view of an array that is stored big-endian.
package struct ByteSwappedSource: ArraySource {
  private let base: any ArraySource

  /// The byte count of the units to reverse: an element, or half of a complex element.
  private let width: Int

  /// Makes a source of the same array with little-endian elements.
  package init(_ base: any ArraySource) {
    self.base = base
    self.width = base.dtype.kind == .complex ? base.dtype.width / 2 : base.dtype.width
  }

  package var dtype: DType { base.dtype }
  package var shape: Shape { base.shape }
  package var decodingUnit: Shape { base.decodingUnit }

  package var inMemory: NDArray? { width == 1 ? base.inMemory : nil }
  package var contiguousBytes: (any ByteSource)? { width == 1 ? base.contiguousBytes : nil }
  package var block: ArrayBlock? { width == 1 ? base.block : nil }

  package var view: ArrayView? { base.view }
  package var identity: ArrayIdentity? {
    width == 1 ? base.identity : base.identity?.changed("bytes swapped")
  }

  package func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    try base.places(at: path)
  }

  package func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    try base.read(range, into: &bytes)
    swap(&bytes)
  }

  /// Passes on the base's pieces: they hold whole elements, so each can be swapped by itself.
  package func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard width > 1 else { return try base.forEachPiece(ofAtMost: limit, body) }
    var buffer: [UInt8] = []
    try base.forEachPiece(ofAtMost: limit) { (piece) throws(CoppiceError) in
      let count = piece.byteCount
      if buffer.count < count { buffer = [UInt8](repeating: 0, count: count) }
      var span = buffer.mutableSpan
      var bytes = unsafe span.mutableBytes
      bytes.copy(from: piece, at: 0)
      var filled = bytes._mutatingExtracting(first: count)
      swap(&filled)
      try body(unsafe buffer.span.bytes.extracting(first: count))
    }
  }

  private func swap(_ bytes: inout MutableRawSpan) {
    switch width {
    case 2: bytes.swapBytes(of: UInt16.self)
    case 4: bytes.swapBytes(of: UInt32.self)
    case 8: bytes.swapBytes(of: UInt64.self)
    default: break
    }
  }
}

extension MutableRawSpan {
  /// Reverses the bytes of each integer; no alignment is needed.
  fileprivate mutating func swapBytes<Word: FixedWidthInteger & BitwiseCopyable>(
    of type: Word.Type
  ) {
    unsafe withUnsafeMutableBytes { buffer in
      let width = MemoryLayout<Word>.size
      for index in 0..<(buffer.count / width) {
        let word = unsafe buffer.loadUnaligned(fromByteOffset: index * width, as: type)
        unsafe buffer.storeBytes(of: word.byteSwapped, toByteOffset: index * width, as: type)
      }
    }
  }
}
