import CoppiceModel

/// A quantised array as 32-bit floats, which are decoded when they are read.
struct DequantizedSource: ArraySource {
  let shape: Shape
  private let decoder: any QuantizedBlock.Type
  private let isBigEndian: Bool

  /// The blocks of all rows, one after the other.
  private let blocks: any ByteSource

  var dtype: DType { .float32 }

  /// Makes a source; `nil` when the blocks aren't those of the shape.
  init?(
    shape: Shape, blocks: any ByteSource, decoder: any QuantizedBlock.Type, isBigEndian: Bool
  ) {
    guard shape.elementCount % decoder.elementCount == 0, shape.byteCount(of: .float32) != nil,
      shape.elementCount / decoder.elementCount * decoder.byteCount == blocks.byteCount
    else { return nil }
    (self.shape, self.blocks) = (shape, blocks)
    (self.decoder, self.isBigEndian) = (decoder, isBigEndian)
  }

  /// The bytes of elements that are decoded at a time, few enough to stay in the cache.
  private static let pieceBytes = 256 << 10

  /// The bytes of elements that one thread decodes at a time.
  private static let partBytes = 4 << 20

  private static let width = DType.float32.width

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    var piece = Piece(self, byteCount: Self.pieceBytes)
    for run in BoxRuns(of: range, in: shape, width: Self.width) {
      let elements = (run.wholeOffset / Self.width)..<((run.wholeOffset + run.count) / Self.width)
      try read(elements, to: run.boxOffset, of: &bytes, by: &piece)
    }
  }

  func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard range.shape == shape else {
      try read(range, into: &bytes)
      return try tell(bytes.byteCount)
    }
    let (count, perPart) = (shape.elementCount, Self.partBytes / Self.width)
    try bytes.fill(parts: (count + perPart - 1) / perPart) { (parts, whole) throws(CoppiceError) in
      var piece = Piece(self, byteCount: Self.pieceBytes)
      for part in parts {
        let elements = (part * perPart)..<min((part + 1) * perPart, count)
        try read(elements, to: elements.lowerBound * Self.width, of: &whole, by: &piece)
        try tell(elements.count * Self.width)
      }
    }
  }

  func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard limit >= decoder.elementCount * Self.width else {
      return try forEachBand(ofAtMost: limit, body)
    }
    var piece = Piece(self, byteCount: limit)
    var first = 0
    while first < shape.elementCount {
      try piece.decode(from: first)
      let count = piece.range.count * Self.width
      try body(unsafe piece.elements.span.bytes.extracting(first: count))
      first = piece.range.upperBound
    }
  }

  /// Reads elements in C order to an offset.
  private func read(
    _ elements: Range<Int>, to offset: Int, of bytes: inout MutableRawSpan, by piece: inout Piece
  ) throws(CoppiceError) {
    var first = elements.lowerBound
    while first < elements.upperBound {
      if !piece.range.contains(first) { try piece.decode(from: first, upTo: elements.upperBound) }
      let found = first..<min(piece.range.upperBound, elements.upperBound)
      let start = (found.lowerBound - piece.range.lowerBound) * Self.width
      let source = unsafe piece.elements.span.bytes.extracting(
        start..<(start + found.count * Self.width))
      bytes.copy(from: source, at: offset + (first - elements.lowerBound) * Self.width)
      first = found.upperBound
    }
  }

  /// The elements of some consecutive blocks, decoded, and the memory for them.
  private struct Piece {
    /// The elements that are here, by their numbers in C order.
    private(set) var range = 0..<0

    private let source: DequantizedSource
    private let mostBlocks: Int
    private var blocks: [UInt8] = []
    private(set) var elements: [Float] = []

    init(_ source: DequantizedSource, byteCount: Int) {
      self.source = source
      let all = source.shape.elementCount / source.decoder.elementCount
      mostBlocks = max(
        1, min(byteCount / (source.decoder.elementCount * DequantizedSource.width), all))
    }

    /// Decodes the block of an element, and those after it up to that of another.
    mutating func decode(from first: Int, upTo end: Int = .max) throws(CoppiceError) {
      let decoder = source.decoder
      let firstBlock = first / decoder.elementCount
      let last = min(end, source.shape.elementCount) - 1
      let count = min(last / decoder.elementCount - firstBlock + 1, mostBlocks)
      // A box of few elements takes memory for few blocks.
      if blocks.count < count * decoder.byteCount {
        blocks = [UInt8](repeating: 0, count: count * decoder.byteCount)
        elements = [Float](repeating: 0, count: count * decoder.elementCount)
      }
      try Self.read(
        count * decoder.byteCount, from: source.blocks, at: firstBlock * decoder.byteCount,
        to: &blocks)
      if source.isBigEndian { swapNumbers(ofBlocks: count) }
      Self.decode(blocks, first: count * decoder.byteCount, by: decoder, to: &elements)
      range = (firstBlock * decoder.elementCount)..<((firstBlock + count) * decoder.elementCount)
    }

    // These take arrays of the piece one by one: a span of one keeps the whole piece from being used.

    private static func read(
      _ count: Int, from source: any ByteSource, at offset: Int, to blocks: inout [UInt8]
    ) throws(CoppiceError) {
      var span = blocks.mutableSpan
      var all = unsafe span.mutableBytes
      var target = all._mutatingExtracting(first: count)
      try source.read(at: offset, into: &target)
    }

    private static func decode(
      _ blocks: [UInt8], first count: Int, by decoder: any QuantizedBlock.Type,
      to elements: inout [Float]
    ) {
      var output = elements.mutableSpan
      decoder.decodeAll(blocks.span.extracting(first: count), to: &output)
    }

    private mutating func swapNumbers(ofBlocks count: Int) {
      for block in 0..<count {
        for offset in source.decoder.swappedOffsets ?? [] {
          let place = block * source.decoder.byteCount + offset
          blocks.swapAt(place, place + 1)
        }
      }
    }
  }
}
