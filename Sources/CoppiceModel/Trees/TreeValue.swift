/// A value that stands in the tree itself rather than in an array.
///
/// Spec: MOD-6.
public enum TreeValue: Hashable, Sendable {
  /// An integer of any size, as canonical decimal text.
  case int(IntegerText)
  /// A 64-bit floating-point number; the bits of a NaN are kept.
  case float(Float64Bits)
  case bool(Bool)
  case complex(real: Float64Bits, imaginary: Float64Bits)
  case string(String)
  case bytes([UInt8])
  /// Python's `None`, which the specification calls `none`; `.none` would be read as Optional's.
  case null
  /// An array of strings or byte strings.
  case stringArray(TextArray)
}

/// A decimal integer of any size: an optional minus, no leading zeros, no minus zero.
public struct IntegerText: Hashable, Sendable {
  /// The digits.
  public let text: String

  /// Makes an integer of canonical text; `nil` for any other spelling.
  public init?(_ text: String) {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    guard let first = digits.utf8.first, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      first != 0x30 || text == "0"
    else { return nil }
    self.text = text
  }

  /// Makes an integer of a machine integer.
  public init(_ number: some BinaryInteger) { text = String(number) }
}

/// A 64-bit floating-point number that is equal to another only bit for bit.
public struct Float64Bits: Hashable, Sendable {
  /// The IEEE 754 bits.
  public let bitPattern: UInt64

  /// Makes a number of its bits.
  public init(bitPattern: UInt64) { self.bitPattern = bitPattern }

  /// Makes a number of a value.
  public init(_ value: Double) { bitPattern = value.bitPattern }

  /// The number.
  public var value: Double { Double(bitPattern: bitPattern) }
}

/// An array whose elements are strings or byte strings of any length.
public struct TextArray: Hashable, Sendable {
  /// The elements in C order.
  public enum Elements: Hashable, Sendable {
    case strings([String])
    case bytes([[UInt8]])
  }

  /// The extents.
  public let shape: Shape

  /// The elements: as many as the shape has.
  public let elements: Elements

  /// Makes an array; `nil` when the number of elements isn't that of the shape.
  public init?(shape: Shape, elements: Elements) {
    let count =
      switch elements {
      case .strings(let strings): strings.count
      case .bytes(let bytes): bytes.count
      }
    guard count == shape.elementCount else { return nil }
    self.shape = shape
    self.elements = elements
  }
}
