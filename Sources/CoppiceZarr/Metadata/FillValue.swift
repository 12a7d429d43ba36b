import CoppiceJSON
import CoppiceModel

/// The value of the elements of a chunk that isn't stored.
enum FillValue: Hashable, Sendable {
  case zero
  /// The bytes of one element, little-endian.
  case element([UInt8])
  /// A value in the document that this reader can't express, as text.
  case unknown(String)

  /// Reads the member `fill_value`; a value that can't be read matters only where it is needed.
  init(_ node: JSONNode?, _ dtype: DType) {
    guard let node, !node.isNull else {
      self = .zero
      return
    }
    guard let bytes = Self.bytes(node, dtype) else {
      self = .unknown(Self.text(node))
      return
    }
    self = bytes.allSatisfy { $0 == 0 } ? .zero : .element(bytes)
  }

  /// Reads the member `fill_value` of an array of texts; a number stands for none.
  init(_ node: JSONNode?, _ text: ZarrText) {
    guard let node, node.kind == .string, let string = try? node.string(), !string.isEmpty else {
      self = .zero
      return
    }
    let content: [UInt8]? =
      switch text {
      case .bytes, .variableBytes: Base64.decode(string)
      case .characters:
        string.unicodeScalars.flatMap { Self.little(UInt64($0.value), 4) }
      case .variableText: Array(string.utf8)
      }
    self = content.flatMap(text.padded).map { .element($0) } ?? .unknown(string)
  }

  private static func text(_ node: JSONNode) -> String {
    switch node.kind {
    case .number: (try? node.numberText()) ?? "?"
    case .string: ((try? node.string()) ?? "?")
    default: "a value of another kind"
    }
  }

  private static func bytes(_ node: JSONNode, _ dtype: DType) -> [UInt8]? {
    switch dtype.kind {
    case .complex:
      let part: DType = dtype == .complex64 ? .float32 : .float64
      if node.kind == .array {
        guard let real = node[0], let imaginary = node[1], node.count == 2,
          let first = scalar(real, part), let second = scalar(imaginary, part)
        else { return nil }
        return first + second
      }
      guard let real = scalar(node, part) else { return nil }
      return real + Array(repeating: 0, count: part.width)
    default: return scalar(node, dtype)
    }
  }

  private static func scalar(_ node: JSONNode, _ dtype: DType) -> [UInt8]? {
    switch node.kind {
    case .bool:
      guard dtype == .bool, let value = try? node.bool() else { return nil }
      return [value ? 1 : 0]
    case .string:
      guard let text = try? node.string() else { return nil }
      return hexadecimal(text, dtype) ?? special(text, dtype)
    case .number:
      guard let text = try? node.numberText() else { return nil }
      return special(text, dtype) ?? number(text, dtype)
    default: return nil
    }
  }

  /// Returns the bytes of a text such as `0x7fc00000`: the bits, most significant first.
  private static func hexadecimal(_ text: String, _ dtype: DType) -> [UInt8]? {
    guard text.hasPrefix("0x"), text.utf8.count == 2 + 2 * dtype.width, dtype.width <= 8,
      let bits = UInt64(text.dropFirst(2), radix: 16)
    else { return nil }
    return little(bits, dtype.width)
  }

  private static func special(_ text: String, _ dtype: DType) -> [UInt8]? {
    let value: Double
    switch text {
    case "NaN": value = .nan
    case "Infinity": value = .infinity
    case "-Infinity": value = -.infinity
    default: return nil
    }
    return float(value, dtype)
  }

  private static func number(_ text: String, _ dtype: DType) -> [UInt8]? {
    guard let value = Double(text) else { return nil }
    switch dtype.kind {
    case .float, .complex:
      return float(value, dtype)
    case .bool:
      return value == 0 || value == 1 ? [UInt8(value)] : nil
    case .signedInteger:
      guard let number = Int64(text) ?? Int64(exactly: value) else { return nil }
      let bits = dtype.significantBits
      guard bits == 64 || (-(1 << (bits - 1))..<(1 << (bits - 1))).contains(number) else {
        return nil
      }
      // Types below a byte are stored with zeros in their high bits.
      let pattern = UInt64(bitPattern: number)
      return little(bits < 8 ? pattern & ((1 << UInt64(bits)) - 1) : pattern, dtype.width)
    case .unsignedInteger:
      guard let number = UInt64(text) ?? UInt64(exactly: value) else { return nil }
      let bits = dtype.significantBits
      guard bits == 64 || number < 1 << UInt64(bits) else { return nil }
      return little(number, dtype.width)
    }
  }

  private static func float(_ value: Double, _ dtype: DType) -> [UInt8]? {
    switch dtype {
    case .float64: little(value.isNaN ? 0x7FF8 << 48 : value.bitPattern, 8)
    case .float32: little(value.isNaN ? 0x7FC0_0000 : UInt64(Float(value).bitPattern), 4)
    case .bfloat16: narrow(value, exponentBits: 8, fractionBits: 7)
    case .float16: narrow(value, exponentBits: 5, fractionBits: 10)
    default: value == 0 && value.sign == .plus ? [0] : nil
    }
  }

  /// Returns the nearest value of a two-byte format laid out as in IEEE 754, ties to even.
  private static func narrow(_ value: Double, exponentBits: Int, fractionBits: Int) -> [UInt8] {
    let bias = (1 << (exponentBits - 1)) - 1
    let infinity = UInt64((1 << exponentBits) - 1) << UInt64(fractionBits)
    let sign: UInt64 = value.sign == .minus ? 0x8000 : 0
    if value.isNaN { return little(infinity | 1 << UInt64(fractionBits - 1), 2) }
    if value.isInfinite { return little(sign | infinity, 2) }
    let magnitude = value.magnitude
    let exponent = max(magnitude == 0 ? 1 - bias : Int(magnitude.exponent), 1 - bias)
    // Count in units of the last place and round; a carry into the exponent gives the right value.
    let units = scaled(magnitude, by: fractionBits - exponent).rounded(.toNearestOrEven)
    guard units < 4 * scaled(1, by: fractionBits) else { return little(sign | infinity, 2) }
    let bits = UInt64(units) + UInt64(exponent + bias - 1) << UInt64(fractionBits)
    return little(sign | min(bits, infinity), 2)
  }

  private static func scaled(_ value: Double, by exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: value)
  }

  private static func little(_ bits: UInt64, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) }
  }
}
