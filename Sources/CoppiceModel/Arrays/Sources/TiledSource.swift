/// The stored parts of an array, each with the elements of one box.
package protocol ArrayParts: Sendable {
  /// Returns the source of a part, opened if necessary.
  ///
  /// - Throws: The errors of the format, also if the part has another type or shape than its box.
  func source(of part: Int) throws(CoppiceError) -> any ArraySource

  /// Returns the place of a part, without its box; `nil` if it is not known.
  func place(of part: Int) -> StoredPlace?
}

/// An array that is stored in boxes, which are read straight to where they belong.
package struct TiledSource: ArraySource {
  package let dtype: DType
  /// The boxes, in the order of the parts.
  private let boxes: BoxTable
  private let parts: any ArrayParts

  package var shape: Shape { boxes.shape }

  /// Makes a source; the boxes must have each element at most once.
  package init(dtype: DType, boxes: BoxTable, parts: any ArrayParts) {
    self.dtype = dtype
    self.boxes = boxes
    self.parts = parts
  }

  /// A single element: a box is read from any element on.
  package var decodingUnit: Shape { shape.ofOneElement }

  package func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    (0..<boxes.count).compactMap { part in
      guard var place = parts.place(of: part) else { return nil }
      let box = boxes[part]
      if box.shape != shape { place.box = box }
      return place
    }
  }

  /// Returns the parts that share elements with a box, each with what they share.
  private func parts(sharing box: ArrayBox) -> [(part: Int, shared: ArrayBox)] {
    boxes.candidates(sharing: box).compactMap { part in
      boxes.shared(part, with: box).map { (part, $0) }
    }
  }

  package func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    guard range.shape.elementCount > 0 else { return }
    for (part, shared) in parts(sharing: range) {
      let source = try parts.source(of: part)
      try source.read(
        shared.relative(to: boxes[part].offset), to: shared.relative(to: range.offset),
        of: range.shape, into: &bytes)
    }
  }

  /// The bytes of a large box that one thread reads at a time.
  private static let bandBytes = 4 << 20

  package func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let width = dtype.width
    let bands = Array(ContiguousSlabs(of: range.shape, width: width, limit: Self.bandBytes))
    try bytes.fill(parts: bands.count) { [bands] (numbers, whole) throws(CoppiceError) in
      for band in bands[numbers] {
        guard let place = band.unbrokenPlace(in: range.shape, width: width) else { continue }
        var piece = whole._mutatingExtracting(place)
        try read(band.moved(by: range.offset), into: &piece)
        try tell(place.count)
      }
    }
  }

  /// Reads the array in contiguous bands, whose part of a box is contiguous in it: so each box is read once, in order.
  package func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var memory = try ArrayMemory(byteCount: 0)
    var open: [Int: OpenPart] = [:]
    var buffer: [UInt8] = []
    for band in ContiguousSlabs(of: shape, width: dtype.width, limit: limit) {
      let count = band.shape.elementCount * dtype.width
      if memory.byteCount < count { memory = try ArrayMemory(byteCount: count) }
      try memory.withUniqueBytes { (bytes: inout MutableRawSpan) throws(CoppiceError) in
        var piece = bytes._mutatingExtracting(first: count)
        for (part, shared) in parts(sharing: band) {
          var opened: OpenPart
          if let found = open[part] {
            opened = found
          } else {
            opened = OpenPart(try parts.source(of: part), boxes[part])
          }
          try opened.read(shared, of: band, into: &piece, through: &buffer)
          open[part] = opened.isDone ? nil : opened
        }
        try body(piece.bytes)
      }
    }
  }
}

/// A part that is being read once, from its first to its last element.
private struct OpenPart {
  private let source: any ArraySource
  private let bytes: (any ByteSource)?
  private let box: ArrayBox
  private var left: Int

  init(_ source: any ArraySource, _ box: ArrayBox) {
    self.source = source
    self.box = box
    bytes = source.contiguousBytes?.forward
    left = source.byteCount
  }

  var isDone: Bool { left <= 0 }

  mutating func read(
    _ shared: ArrayBox, of band: ArrayBox, into piece: inout MutableRawSpan,
    through buffer: inout [UInt8]
  ) throws(CoppiceError) {
    let width = source.dtype.width
    let (mine, target) = (shared.relative(to: box.offset), shared.relative(to: band.offset))
    left -= shared.shape.elementCount * width
    guard let bytes, let place = mine.unbrokenPlace(in: box.shape, width: width) else {
      return try source.read(mine, to: target, of: band.shape, into: &piece)
    }
    if let whole = target.unbrokenPlace(in: band.shape, width: width) {
      var output = piece._mutatingExtracting(whole)
      return try bytes.read(at: place.lowerBound, into: &output)
    }
    if buffer.count < place.count { buffer = [UInt8](repeating: 0, count: place.count) }
    var span = buffer.mutableSpan
    var all = unsafe span.mutableBytes
    var run = all._mutatingExtracting(first: place.count)
    try bytes.read(at: place.lowerBound, into: &run)
    var scatter = BoxScatter(target, in: band.shape, width: width)
    scatter.place(run.bytes, in: &piece)
  }
}
