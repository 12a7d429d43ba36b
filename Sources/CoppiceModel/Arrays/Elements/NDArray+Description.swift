extension NDArray: CustomStringConvertible {
  /// The elements in rows, with type and shape: `[1.0, 2.0, 3.0] float32 [3]`.
  ///
  /// As NumPy does, of more than 1000 elements only the first and last three along each dimension are
  /// shown, and never more than 1000. A number is the shortest that is read back as the element.
  public var description: String { "\(elementText) \(dtype) \(shape)" }

  /// Type and shape in one line, with the elements where these are few.
  var outline: String {
    let isSmall = shape.rank < 2 && shape.elementCount <= 6
    return "\(dtype) \(shape)" + (isSmall ? "  \(elementText)" : "")
  }

  private var elementText: String {
    guard shape.elementCount > 0 else { return "[]" }
    return withBytes { bytes in
      var rows = ElementRows(dtype: dtype, shape: shape)
      rows.collect(from: bytes)
      return rows.text
    }
  }
}

/// The elements of an array laid out in rows of equal widths.
private struct ElementRows {
  private enum Piece {
    case element(String)
    case mark(String)
  }

  /// From more elements than this on, the middle of long dimensions is left out.
  private static let threshold = 1000
  /// The elements of a long dimension that are shown at each end.
  private static let edge = 3

  private let dtype: DType
  private let dimensions: [Int]
  private let strides: [Int]
  private let isCut: Bool
  private var pieces: [Piece] = []
  private var elementsLeft = Self.threshold

  init(dtype: DType, shape: Shape) {
    self.dtype = dtype
    dimensions = shape.dimensions
    isCut = shape.elementCount > Self.threshold
    var strides = [Int](repeating: 1, count: shape.rank)
    for dimension in stride(from: shape.rank - 2, through: 0, by: -1) {
      strides[dimension] = strides[dimension + 1] * shape.dimensions[dimension + 1]
    }
    self.strides = strides
  }

  mutating func collect(from bytes: RawSpan) { collect(0, first: 0, from: bytes) }

  private mutating func collect(_ dimension: Int, first: Int, from bytes: RawSpan) {
    guard dimension < dimensions.count else {
      pieces.append(.element(dtype.shortText(ofElement: first, in: bytes)))
      elementsLeft -= 1
      return
    }
    let extent = dimensions[dimension]
    let skipped =
      isCut && extent > 2 * Self.edge ? Self.edge..<(extent - Self.edge) : extent..<extent
    pieces.append(.mark("["))
    var index = 0
    while index < extent {
      if index > 0 { pieces.append(.mark(separator(dimension))) }
      guard elementsLeft > 0 else {
        pieces.append(.mark("..."))
        break
      }
      if skipped.contains(index) {
        pieces.append(.mark("..."))
        index = skipped.upperBound
        continue
      }
      collect(dimension + 1, first: first + index * strides[dimension], from: bytes)
      index += 1
    }
    pieces.append(.mark("]"))
  }

  /// Rows begin on lines of their own, below each other; an empty line sets blocks of rows apart.
  private func separator(_ dimension: Int) -> String {
    let below = dimensions.count - 1 - dimension
    guard below > 0 else { return ", " }
    return "," + String(repeating: "\n", count: min(below, 2))
      + String(repeating: " ", count: dimension + 1)
  }

  var text: String {
    var width = 0
    if dimensions.count > 1 {
      for case .element(let text) in pieces { width = max(width, text.utf8.count) }
    }
    var joined = ""
    for piece in pieces {
      switch piece {
      case .mark(let text): joined += text
      case .element(let text):
        joined += String(repeating: " ", count: max(width - text.utf8.count, 0)) + text
      }
    }
    return joined
  }
}

extension DType {
  /// An element as the shortest text that is read back as the same element of the type.
  ///
  /// Unused bits of sub-byte types are ignored.
  fileprivate func shortText(ofElement index: Int, in bytes: RawSpan) -> String {
    guard let number = ElementNumber(self, atByte: index * width, in: bytes) else {
      return text(ofElement: index, in: bytes)
    }
    switch number {
    case .integer: return text(ofElement: index, in: bytes)
    case .real(let wide): return shortText(wide)
    case .complex(let real, let imaginary):
      return PythonFloat.text(complex: shortText(real), shortText(imaginary))
    }
  }

  private func shortText(_ wide: UInt64) -> String {
    let value = Double(bitPattern: wide)
    switch self {
    case .float64, .complex128: return PythonFloat.text(value)
    // Intel Macs have no Float16.
    #if !(os(macOS) && arch(x86_64))
      case .float16: return PythonFloat.text(value, digitsOf: Float16(value.magnitude).description)
    #endif
    default: return PythonFloat.text(value, digitsOf: Float(value.magnitude).description)
    }
  }
}
