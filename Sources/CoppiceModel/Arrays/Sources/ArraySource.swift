/// Stored bytes that several threads can read at once, from any offset.
public protocol ByteSource: Sendable {
  /// The number of bytes.
  var byteCount: Int { get }

  /// The place of the bytes in a file, if they are in one.
  var place: StoredPlace? { get }

  /// The identity of the bytes, if they are stored as they are; otherwise `nil`.
  var identity: ByteIdentity? { get }

  /// The same bytes for a reader that reads each once, in order, and then all of them.
  ///
  /// Bytes that have one checksum are checked while they are read so, and the last read throws if they are damaged.
  /// The source itself checks them before the first read.
  var forward: any ByteSource { get }

  /// Fills `bytes` from `offset` on; the range must lie inside the source.
  ///
  /// - Throws: `io.*` when the system fails; the source's own code when the data are damaged.
  func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError)
}

extension ByteSource {
  /// None: most sources are no part of a file.
  public var place: StoredPlace? { nil }

  /// None: most sources are no part of a file.
  public var identity: ByteIdentity? { nil }

  /// The source itself: most have no checksum.
  public var forward: any ByteSource { self }
}

/// The source of an array's elements: memory, a range of a file, or chunks to decode.
///
/// Readers of every format return arrays as sources, so that conversion can stream them. A source
/// needs `dtype`, `shape` and `read(_:into:)`. The other requirements have defaults and are faster
/// ways to the same elements; a source that wraps another passes them on where its own elements are
/// the same bytes.
public protocol ArraySource: Sendable {
  /// The element type.
  var dtype: DType { get }

  /// The extents.
  var shape: Shape { get }

  /// The array itself, if its elements are in memory; otherwise `nil`.
  var inMemory: NDArray? { get }

  /// The array's bytes, if they are stored contiguous, unencoded and in C order; otherwise `nil`.
  var contiguousBytes: (any ByteSource)? { get }

  /// The block of a file that holds the whole array unencoded, if it can be read together with its
  /// neighbours; otherwise `nil`.
  var block: ArrayBlock? { get }

  /// The identity of the elements, if they are stored as they are, or cast; otherwise `nil`.
  var identity: ArrayIdentity? { get }

  /// The bytes from which the elements are gathered, if these are stored in another order, or with others between
  /// them; otherwise `nil`.
  var view: ArrayView? { get }

  /// Returns the places of the array's bytes in files, as far as they are known; none for an array in
  /// memory.
  ///
  /// - Parameter path: The path of the leaf in its tree.
  /// - Throws: The errors of reading an index.
  func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace]

  /// The extents of the boxes in which the elements are decoded.
  ///
  /// Boxes of the array whose borders are those of such boxes are read independently of one another, each at its
  /// share of the cost.
  var decodingUnit: Shape { get }

  /// Returns the source of the elements of a box, whose shape is the box's.
  ///
  /// - Throws: `usage.box` for a box that doesn't lie in the shape.
  func source(of box: ArrayBox) throws(CoppiceError) -> any ArraySource

  /// Reads a box of the array in C order.
  ///
  /// - Parameters:
  ///   - range: The box; it lies in the shape.
  ///   - bytes: Exactly as many bytes as the box has.
  /// - Throws: `io.*` or the format's own code when the data can't be read or are damaged.
  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError)

  /// Reads a box of the array in C order and reports progress.
  ///
  /// A source may use all processors for a large box.
  ///
  /// - Parameters:
  ///   - range: The box; it lies in the shape.
  ///   - bytes: Exactly as many bytes as the box has.
  ///   - tell: Called with the number of bytes since the last call, possibly by several threads;
  ///     large arrays report every few megabytes. It throws to stop the reading.
  /// - Throws: The errors of `read(_:into:)` and of `tell`.
  func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError)

  /// Reads the whole array from first to last byte, in C order, in pieces.
  ///
  /// Encoded sources decode each chunk once where the working memory allows.
  ///
  /// - Parameters:
  ///   - limit: The most bytes of a piece, which has at least one element.
  ///   - body: Receives each piece in turn.
  /// - Throws: The errors of `read(_:into:)` and of `body`.
  func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError)
}

extension ArraySource {
  /// The number of bytes of the whole array.
  ///
  /// It can't overflow, since readers refuse shapes whose byte count would.
  public var byteCount: Int { shape.elementCount * dtype.width }

  /// None: most sources read.
  public var inMemory: NDArray? { nil }

  /// The bytes of the array in memory, if it is there: most other sources decode.
  public var contiguousBytes: (any ByteSource)? { inMemory?.storage }

  /// The source itself for the whole, and otherwise one that reads its boxes.
  public func source(of box: ArrayBox) throws(CoppiceError) -> any ArraySource {
    box == ArrayBox(whole: shape) ? self : try BoxSource(self, box: box)
  }

  /// None: most sources have no block of a file.
  public var block: ArrayBlock? { nil }

  /// The identity of the contiguous bytes.
  public var identity: ArrayIdentity? {
    contiguousBytes?.identity.map { ArrayIdentity($0, dtype: dtype) }
  }

  /// None: most sources are contiguous or decode.
  public var view: ArrayView? { nil }

  /// Returns the place of the contiguous bytes.
  public func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    contiguousBytes?.place.map { [$0] } ?? []
  }

  /// A single element for bytes that are stored as they are; otherwise the whole array.
  public var decodingUnit: Shape { contiguousBytes == nil ? shape : shape.ofOneElement }

  /// Reads a box with one call of `read(_:into:)`, and then reports all of its bytes.
  public func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    try read(range, into: &bytes)
    try tell(bytes.byteCount)
  }
}

extension ArraySource {
  /// Reads the whole array in contiguous bands, each with one call of `read(_:into:)`.
  public func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    try forEachBand(ofAtMost: limit, body)
  }

  /// Implements `forEachPiece` for sources without a better way.
  package func forEachBand(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    // `ArrayMemory` is aligned, so that it can be written directly, bypassing the page cache.
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

  /// Implements `forEachPiece` for sources that read wide bands better, with bands as large as the working memory allows.
  func forEachWideBand(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let most = max(limit / dtype.width, 1) * dtype.width
    try forEachBand(ofAtMost: max(limit, ReadLimits.standard.workingMemory / 2)) {
      (band) throws(CoppiceError) in
      var offset = 0
      while offset < band.byteCount {
        let end = min(offset + most, band.byteCount)
        try body(band.extracting(offset..<end))
        offset = end
      }
    }
  }
}
