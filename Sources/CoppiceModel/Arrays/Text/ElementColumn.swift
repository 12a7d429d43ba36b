/// The words of an array's elements: measured first, then written with equal widths.
///
/// The words are those of NumPy, and of ml_dtypes for its own types.
enum ElementColumn {
  case bool(isPadded: Bool)
  /// Integers of NumPy's types, with the width of the longest.
  case integer(width: Int)
  /// Words of different widths: the types of ml_dtypes.
  case plain
  case real(FloatColumn)
  case complex(FloatColumn, FloatColumn)

  init(_ dtype: DType, shape: Shape, precision: Int) {
    switch dtype {
    case .bool: self = .bool(isPadded: shape.rank > 0)
    case .float16, .float32, .float64: self = .real(FloatColumn(dtype, precision: precision))
    case .complex64, .complex128:
      let part = dtype.component
      self = .complex(
        FloatColumn(part, precision: precision),
        FloatColumn(part, precision: precision, showsPlus: true))
    default:
      let isNumPys = dtype.kind != .float && dtype.significantBits >= 8
      self = isNumPys ? .integer(width: 0) : .plain
    }
  }

  /// Widens the column to the words of some elements.
  mutating func measure(_ bytes: RawSpan, _ dtype: DType) {
    let count = bytes.byteCount / dtype.width
    switch self {
    case .bool, .plain: break
    case .integer(var width):
      for index in 0..<count {
        guard case .integer(let value)? = number(index, bytes, dtype) else { continue }
        width = max(width, String(value).utf8.count)
      }
      self = .integer(width: width)
    case .real(var column):
      for index in 0..<count {
        guard case .real(let value)? = number(index, bytes, dtype) else { continue }
        column.measure(Double(bitPattern: value))
      }
      self = .real(column)
    case .complex(var column, var other):
      for index in 0..<count {
        guard case .complex(let real, let imaginary)? = number(index, bytes, dtype) else {
          continue
        }
        column.measure(Double(bitPattern: real))
        other.measure(Double(bitPattern: imaginary))
      }
      self = .complex(column, other)
    }
  }

  private func number(_ index: Int, _ bytes: RawSpan, _ dtype: DType) -> ElementNumber? {
    ElementNumber(dtype, atByte: index * dtype.width, in: bytes)
  }

  /// The function that writes the elements which were measured, one at a time.
  func writer(_ dtype: DType) -> (_ index: Int, _ bytes: RawSpan) -> String {
    switch self {
    case .bool(let isPadded):
      let truth = isPadded ? " True" : "True"
      return { index, bytes in
        unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) == 0 ? "False" : truth
      }
    case .integer(let width):
      return { index, bytes in dtype.text(ofElement: index, in: bytes).padded(to: width) }
    case .plain:
      return { index, bytes in
        guard case .real(let value)? = ElementNumber(dtype, atByte: index * dtype.width, in: bytes)
        else { return dtype.text(ofElement: index, in: bytes) }
        return GeneralNumber.text(Double(bitPattern: value), digits: 6)
      }
    case .real(let column):
      let formatter = column.measured
      return { index, bytes in
        guard case .real(let value)? = ElementNumber(dtype, atByte: index * dtype.width, in: bytes)
        else { return "?" }
        return formatter.text(Double(bitPattern: value))
      }
    case .complex(let column, let other):
      let (first, second) = (column.measured, other.measured)
      return { index, bytes in
        guard
          case .complex(let real, let imaginary)? = ElementNumber(
            dtype, atByte: index * dtype.width, in: bytes)
        else { return "?" }
        var text = second.text(Double(bitPattern: imaginary))
        let spaces = text.utf8.reversed().prefix { $0 == 0x20 }.count
        text.removeLast(spaces)
        return first.text(Double(bitPattern: real)) + text + "j"
          + String(repeating: " ", count: spaces)
      }
    }
  }
}
