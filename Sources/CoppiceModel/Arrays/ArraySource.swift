/// Bytes at rest that can be read from any offset by several threads at once.
public protocol ByteSource: Sendable {
  /// The number of bytes.
  var byteCount: Int { get }

  /// Fills `bytes` from `offset` on; the range must lie inside the source.
  ///
  /// - Throws: `io.*` when the system fails; the source's own code when the data are damaged.
  func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError)
}

/// Where the elements of one array come from: memory, a range of a file, or chunks to decode.
///
/// Readers of every format give arrays as sources, so that conversion moves them piece by piece.
public protocol ArraySource: Sendable {
  /// The element type.
  var dtype: DType { get }

  /// The extents.
  var shape: Shape { get }

  /// The array's bytes, where they lie in C order, uncoded and unbroken; otherwise `nil`.
  var contiguousBytes: (any ByteSource)? { get }

  /// Reads a box of the array in C order.
  ///
  /// - Parameters:
  ///   - range: The box; it lies in the shape.
  ///   - bytes: Exactly as many bytes as the box has.
  /// - Throws: `io.*` or the format's own code when the data can't be read or are damaged.
  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError)

  /// Reads the whole array from first to last byte, in C order, in pieces.
  ///
  /// Coded sources decode each chunk once where the working memory allows.
  ///
  /// - Parameters:
  ///   - limit: The most bytes that a piece may have; at least one element is given.
  ///   - body: Called with each piece in turn.
  /// - Throws: What `read(_:into:)` and `body` throw.
  func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError)
}

extension ArraySource {
  /// The bytes of the whole array.
  ///
  /// Readers refuse shapes whose byte count overflows, so that this can't.
  public var byteCount: Int { shape.elementCount * dtype.width }

  /// Nothing: most sources decode.
  public var contiguousBytes: (any ByteSource)? { nil }

  /// Reads the whole array into memory.
  public func load() throws(CoppiceError) -> NDArray {
    let range = ArrayBox(whole: shape)
    return try NDArray(dtype: dtype, shape: shape) {
      (bytes: inout MutableRawSpan) throws(CoppiceError) in
      try read(range, into: &bytes)
    }
  }
}

extension ArraySource {
  /// Reads the whole array as bands that each lie unbroken, one box read a band.
  public func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    try forEachBand(ofAtMost: limit, body)
  }

  /// What `forEachPiece` does for sources that know nothing better.
  package func forEachBand(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    // Such memory can be written past the page cache from where it lies.
    var memory = try ArrayMemory(byteCount: 0)
    for band in ContiguousSlabs(of: shape, width: dtype.width, limit: limit) {
      let count = band.shape.elementCount * dtype.width
      if memory.byteCount < count { memory = try ArrayMemory(byteCount: count) }
      try memory.withUniqueBytes { (bytes: inout MutableRawSpan) throws(CoppiceError) in
        var piece = bytes._mutatingExtracting(first: count)
        try read(band, into: &piece)
        try body(piece.bytes)
      }
    }
  }
}
