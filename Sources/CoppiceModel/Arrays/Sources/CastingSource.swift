/// An array whose elements are cast on reading.
public struct CastingSource: ArraySource {
  private let base: any ArraySource
  private let cast: Cast
  /// The most bytes of the base's elements that are held at once.
  private let workingMemory: Int

  /// Casts the elements of another source.
  ///
  /// - Parameters:
  ///   - base: The source to convert.
  ///   - dtype: The element type to have.
  ///   - mode: How much a cast may change.
  ///   - workingMemory: The memory that a read may take beyond its output, in bytes.
  /// - Throws: `cast.unsupported` when the mode has no cast between the two types.
  public init(
    _ base: any ArraySource, to dtype: DType, mode: CastMode = .rounding,
    workingMemory: Int = ReadLimits.standard.workingMemory
  ) throws(CoppiceError) {
    self.base = base
    self.cast = try Cast(from: base.dtype, to: dtype, mode: mode)
    self.workingMemory = workingMemory
  }

  /// The target dtype of the cast.
  public var dtype: DType { cast.target }

  /// The extents of the base.
  public var shape: Shape { base.shape }

  /// The unit of the base.
  public var decodingUnit: Shape { base.decodingUnit }

  /// Whether nothing has to be converted or checked.
  private var changesNothing: Bool {
    cast.source == cast.target && cast.source.unusedBits == 0
  }

  /// The base if it is in memory and nothing has to be converted or checked; otherwise `nil`.
  public var inMemory: NDArray? { changesNothing ? base.inMemory : nil }

  /// The base's bytes if nothing has to be converted or checked; otherwise `nil`.
  public var contiguousBytes: (any ByteSource)? { changesNothing ? base.contiguousBytes : nil }

  /// The base's block if nothing has to be converted or checked; otherwise `nil`.
  public var block: ArrayBlock? { changesNothing ? base.block : nil }

  /// The view of the base.
  public var view: ArrayView? { base.view }

  /// The base's identity, with the cast.
  public var identity: ArrayIdentity? {
    changesNothing ? base.identity : base.identity?.cast(to: dtype, mode: cast.mode)
  }

  /// Reads a box of the array in C order.
  ///
  /// - Throws: The errors of the base; `cast.*` for an element that can't be converted.
  public func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    try read(range, into: &bytes) { _ in }
  }

  /// Reads a box of the array in C order and reports progress.
  ///
  /// - Throws: The errors of the base and of `tell`; `cast.*` for an element that can't be
  ///   converted.
  public func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    if range == ArrayBox(whole: shape) {
      try readWhole(into: &bytes, tell: tell)
      return
    }
    var buffer: [UInt8] = []
    var offset = 0
    for part in range.parts(ofAtMost: workingMemory / cast.source.width) {
      let count = part.shape.elementCount
      if buffer.count < count * cast.source.width {
        buffer = [UInt8](repeating: 0, count: count * cast.source.width)
      }
      var span = buffer.mutableSpan
      var all = unsafe span.mutableBytes
      var elements = all._mutatingExtracting(first: count * cast.source.width)
      try base.read(part, into: &elements)
      var output = bytes._mutatingExtracting(offset..<(offset + count * cast.target.width))
      if let failure = cast.firstFailure(of: elements.bytes, to: &output) {
        throw failure.error(of: cast.elements, element: part.element(failure.index, in: shape))
      }
      offset += count * cast.target.width
      try tell(output.byteCount)
    }
  }

  /// Reads the whole array in pieces, each converted before the next is read.
  ///
  /// - Throws: The errors of the base and of `body`; `cast.*` for an element that can't be
  ///   converted.
  public func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let (from, to) = (cast.source.width, cast.target.width)
    let pieceCount = max(limit / max(from, to), 1)
    var buffer: [UInt8] = []
    var first = 0
    try base.forEachPiece(ofAtMost: pieceCount * from) { (piece: RawSpan) throws(CoppiceError) in
      let count = piece.byteCount / from
      if buffer.count < count * to { buffer = [UInt8](repeating: 0, count: count * to) }
      var span = buffer.mutableSpan
      var all = unsafe span.mutableBytes
      var output = all._mutatingExtracting(first: count * to)
      try cast.apply(piece, to: &output, firstElement: first)
      try body(output.bytes)
      first += count
    }
  }

  /// Reads and converts the whole array in pieces small enough to stay in the cache.
  private func readWhole(
    into bytes: inout MutableRawSpan, tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let (from, to) = (cast.source.width, cast.target.width)
    let pieceCount = max(min(workingMemory, 256 << 10) / from, 1)
    var first = 0
    var told = 0
    var rest = bytes._mutatingExtracting(first: bytes.byteCount)
    try base.forEachPiece(ofAtMost: pieceCount * from) { (piece: RawSpan) throws(CoppiceError) in
      let count = piece.byteCount / from
      var output = rest._mutatingExtracting((first * to)..<((first + count) * to))
      try cast.apply(piece, to: &output, firstElement: first)
      first += count
      guard (first - told) * to >= 1 << 20 else { return }
      try tell((first - told) * to)
      told = first
    }
    if first > told { try tell((first - told) * to) }
  }
}
