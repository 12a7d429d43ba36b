import CoppiceModel

/// A type that this module decodes from a node directly, without the type's own `init(from:)`.
protocol TreeDecodable {
  /// Makes a value from a node.
  static func make(from coded: CodedNode) throws -> Self
}

// The types that trees consist of.

extension NDArray: TreeDecodable {
  static func make(from coded: CodedNode) throws -> NDArray {
    guard let array = try coded.array else { throw coded.mismatch(Self.self) }
    coded.markUsed()
    return array
  }
}

extension Tree: TreeDecodable where Leaf == NDArray {
  static func make(from coded: CodedNode) -> Tree {
    coded.markUsed()
    return coded.node
  }
}

extension TreeValue: TreeDecodable {
  static func make(from coded: CodedNode) throws -> TreeValue {
    guard case .value(let value) = coded.node else { throw coded.mismatch(Self.self) }
    coded.markUsed()
    return value
  }
}

extension TextArray: TreeDecodable {
  static func make(from coded: CodedNode) throws -> TextArray {
    guard case .value(.stringArray(let texts)) = coded.node else { throw coded.mismatch(Self.self) }
    coded.markUsed()
    return texts
  }
}

extension IntegerText: TreeDecodable {
  static func make(from coded: CodedNode) throws -> IntegerText {
    guard let number = try coded.integer else { throw coded.mismatch(Self.self) }
    coded.markUsed()
    return number
  }
}

// Values.

extension String: TreeDecodable {
  static func make(from coded: CodedNode) throws -> String {
    switch coded.node {
    case .value(.string(let text)):
      coded.markUsed()
      return text
    case .value(.stringArray(let texts)):
      guard texts.shape == .scalar, case .strings(let strings) = texts.elements else {
        throw coded.mismatch(Self.self)
      }
      coded.markUsed()
      return strings.first ?? ""
    default: throw coded.mismatch(Self.self)
    }
  }
}

extension Bool: TreeDecodable {
  static func make(from coded: CodedNode) throws -> Bool { try coded.number(Self.self) }
}

extension Float: TreeDecodable {
  static func make(from coded: CodedNode) throws -> Float {
    guard case .value(.float(let number)) = coded.node, number.value.isNaN else {
      return try coded.number(Self.self)
    }
    coded.markUsed()
    return Float(bitPattern: UInt32(truncatingIfNeeded: number.narrowedNaN(fraction: 23)))
  }
}

extension Double: TreeDecodable {
  static func make(from coded: CodedNode) throws -> Double {
    guard case .value(.float(let number)) = coded.node else { return try coded.number(Self.self) }
    coded.markUsed()
    return number.value
  }
}

// Intel Macs have no Float16.
#if !(os(macOS) && arch(x86_64))
  extension Float16: TreeDecodable {
    static func make(from coded: CodedNode) throws -> Float16 {
      guard case .value(.float(let number)) = coded.node, number.value.isNaN else {
        return try coded.number(Self.self)
      }
      coded.markUsed()
      return Float16(bitPattern: UInt16(truncatingIfNeeded: number.narrowedNaN(fraction: 10)))
    }
  }
#endif

extension FixedWidthInteger {
  static func make(from coded: CodedNode) throws -> Self {
    guard let integer = try coded.integer else { throw coded.mismatch(Self.self) }
    guard let number = Self(integer.text) else {
      throw coded.mismatch(Self.self, "it is out of the range of that")
    }
    coded.markUsed()
    return number
  }
}

extension Int: TreeDecodable {}
extension Int8: TreeDecodable {}
extension Int16: TreeDecodable {}
extension Int32: TreeDecodable {}
extension Int64: TreeDecodable {}
extension Int128: TreeDecodable {}
extension UInt: TreeDecodable {}
extension UInt8: TreeDecodable {}
extension UInt16: TreeDecodable {}
extension UInt32: TreeDecodable {}
extension UInt64: TreeDecodable {}
extension UInt128: TreeDecodable {}

extension Float64Bits {
  /// Returns the bits of a NaN in a narrower type; Swift's conversions would change some of them.
  ///
  /// The topmost bits of the fraction are kept; if none of them is set, the NaN becomes quiet.
  fileprivate func narrowedNaN(fraction count: UInt64) -> UInt64 {
    let sign = bitPattern >> 63
    let width: UInt64 = count == 23 ? 32 : 16
    let fraction = (bitPattern << 12) >> (64 - count)
    let exponent = (UInt64(1) << (width - 1 - count)) - 1
    let kept = fraction == 0 ? 1 << (count - 1) : fraction
    return (sign << (width - 1)) | (exponent << count) | kept
  }
}
