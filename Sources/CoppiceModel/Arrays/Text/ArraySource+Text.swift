extension ArraySource {
  /// Returns the elements as NumPy prints them: `[1.  2.5 3. ]`.
  ///
  /// Floats of NumPy's types are aligned and have as few digits as identify them, at most
  /// `precision` after the point; types of ml_dtypes have the six digits that its own text has. Of
  /// an array with more elements than the threshold, only the ends of each dimension are read and
  /// shown, and of many dimensions no more than 10,000 elements.
  ///
  /// - Throws: The errors of reading.
  public func text(_ options: ArrayTextOptions = ArrayTextOptions()) throws(CoppiceError) -> String
  {
    var text = ""
    try writeText(options) { (piece) throws(CoppiceError) in text += piece }
    return text
  }

  /// Passes on the text of the elements, piece by piece, so that memory doesn't grow with the array.
  ///
  /// Where all of a large array is shown, it is read twice: for the widths of the columns, then for
  /// the elements.
  ///
  /// - Parameters:
  ///   - options: The choices of the text.
  ///   - output: Receives the pieces, in order.
  /// - Throws: The errors of reading and of `output`.
  public func writeText(
    _ options: ArrayTextOptions = ArrayTextOptions(),
    to output: (String) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard shape.elementCount > 0 else { return try output("[]") }
    let isCut = options.threshold.map { shape.elementCount > $0 } ?? false
    // Bounds that no array reaches, so that sums don't overflow.
    let edge = isCut ? min(max(options.edgeItems, 1), 1 << 30) : nil
    var writer = ArrayTextWriter(
      dtype, shape, ArrayTextLayout(shape.dimensions, edge: edge, lineWidth: options.lineWidth),
      precision: min(max(options.precision, 0), 1000))
    guard let edge else {
      return try writer.write(self, to: output)
    }
    let ends = try ArrayEnds(of: shape, edge: edge)
    try writer.write(try ends.load(from: self), isPart: ends.isPart, to: output)
  }
}

/// The two passes through the elements that are shown.
private struct ArrayTextWriter {
  private let dtype: DType
  private var layout: ArrayTextLayout
  private var column: ElementColumn

  /// The most bytes of a piece.
  private static let pieceBytes = 256 << 10

  init(_ dtype: DType, _ shape: Shape, _ layout: ArrayTextLayout, precision: Int) {
    self.dtype = dtype
    self.layout = layout
    column = ElementColumn(dtype, shape: shape, precision: precision)
  }

  /// Writes all elements of a source.
  ///
  /// - Parameter isPart: Whether elements after these are left out.
  mutating func write(
    _ source: any ArraySource, isPart: Bool = false,
    to output: (String) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let dtype = dtype
    try source.forEachPiece(ofAtMost: Self.pieceBytes) { (piece) throws(CoppiceError) in
      column.measure(piece, dtype)
    }
    let write = column.writer(dtype)
    try source.forEachPiece(ofAtMost: Self.pieceBytes) { (piece) throws(CoppiceError) in
      var text = ""
      for index in 0..<(piece.byteCount / dtype.width) {
        layout.append(write(index, piece), to: &text)
      }
      try output(text)
    }
    var text = ""
    layout.finish(&text, isCut: isPart)
    try output(text)
  }
}

/// The elements at both ends of each long dimension of an array.
private struct ArrayEnds {
  private let whole: Shape
  private let edge: Int
  /// The shape of the elements that are read: the first ones in C order of all that lie at the ends.
  private let shape: Shape
  /// Whether there are more elements at the ends.
  let isPart: Bool

  /// The most elements that are shown of an array of many dimensions.
  private static let limit = 10_000

  init(of whole: Shape, edge: Int) throws(CoppiceError) {
    (self.whole, self.edge) = (whole, edge)
    var extents = whole.dimensions.map { min($0, 2 * edge) }
    var (room, isPart) = (Self.limit, false)
    for dimension in extents.indices.reversed() {
      isPart = isPart || extents[dimension] > room
      extents[dimension] = min(extents[dimension], room)
      room = max(room / extents[dimension], 1)
    }
    guard let shape = Shape(extents) else { throw .outOfMemory(byteCount: .max) }
    self.shape = shape
    self.isPart = isPart
  }

  func load(from source: any ArraySource) throws(CoppiceError) -> NDArray {
    try NDArray(dtype: source.dtype, shape: shape) {
      (bytes: inout MutableRawSpan) throws(CoppiceError) in
      try read(0, ArrayBox(whole: shape), ArrayBox(whole: shape), source, &bytes)
    }
  }

  /// Reads a box of the ends, divided where a dimension's middle is left out.
  private func read(
    _ dimension: Int, _ box: ArrayBox, _ place: ArrayBox, _ source: any ArraySource,
    _ bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    guard dimension < shape.rank else {
      return try source.read(box, to: place, of: shape, into: &bytes)
    }
    let (shown, extent) = (shape.dimensions[dimension], whole.dimensions[dimension])
    guard extent > 2 * edge, shown > edge else {
      return try read(dimension + 1, box, place, source, &bytes)
    }
    // The elements before the middle, and those after it.
    for (first, start) in [(0, 0), (edge, extent - edge)] {
      let count = first == 0 ? edge : shown - edge
      guard let box = box.replacing(dimension, with: start, count),
        let place = place.replacing(dimension, with: first, count)
      else { continue }
      try read(dimension + 1, box, place, source, &bytes)
    }
  }
}

extension ArrayBox {
  fileprivate func replacing(_ dimension: Int, with start: Int, _ count: Int) -> ArrayBox? {
    var (offset, extents) = (offset, shape.dimensions)
    offset[dimension] = start
    extents[dimension] = count
    return Shape(extents).flatMap { ArrayBox(offset: offset, shape: $0) }
  }
}
