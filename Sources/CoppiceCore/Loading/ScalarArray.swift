import CoppiceModel

/// A kind of value in a tree.
enum ValueKind: Hashable, Sendable {
  case int, float, bool, complex, string, bytes, null, stringArray

  init(_ value: TreeValue) {
    self =
      switch value {
      case .int: .int
      case .float: .float
      case .bool: .bool
      case .complex: .complex
      case .string: .string
      case .bytes: .bytes
      case .null: .null
      case .stringArray: .stringArray
      }
  }

  /// The words for the kind in messages.
  var name: String {
    switch self {
    case .int: "an integer"
    case .float: "a float"
    case .bool: "a bool"
    case .complex: "a complex number"
    case .string: "a string"
    case .bytes: "bytes"
    case .null: "none"
    case .stringArray: "an array of strings"
    }
  }

  /// Returns the element type to which elements of a source are cast for a number of this kind;
  /// `nil` for a kind that isn't a number.
  func dtype(for source: DType) -> DType? {
    switch self {
    case .int: source.kind == .unsignedInteger ? .uint64 : .int64
    case .float: .float64
    case .bool: .bool
    case .complex: .complex128
    case .string, .bytes, .null, .stringArray: nil
    }
  }
}

/// Conversions between numbers in a tree and arrays of no dimensions.
enum ScalarArray {
  /// Converts a number to an array; `nil` for a value that isn't a number.
  ///
  /// - Throws: `cast.out-of-range` for an integer of more than 64 bits.
  static func make(_ value: TreeValue) throws(CoppiceError) -> NDArray? {
    switch value {
    case .int(let number):
      if let small = Int64(number.text) { return try make(.int64, [UInt64(bitPattern: small)]) }
      if let large = UInt64(number.text) { return try make(.uint64, [large]) }
      throw CoppiceError(
        .castOutOfRange, "the integer \(number.text.printable) has more than 64 bits")
    case .float(let bits): return try make(.float64, [bits.bitPattern])
    case .bool(let isTrue):
      return try NDArray(dtype: .bool, shape: .scalar, bytes: [isTrue ? 1 : 0])
    case .complex(let real, let imaginary):
      return try make(.complex128, [real.bitPattern, imaginary.bitPattern])
    case .string, .bytes, .null, .stringArray: return nil
    }
  }

  private static func make(_ dtype: DType, _ words: [UInt64]) throws(CoppiceError) -> NDArray {
    let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
    }
    return try NDArray(dtype: dtype, shape: .scalar, bytes: bytes)
  }

  /// Converts an array of no dimensions to a number; its type must be the one that the kind has.
  static func value(of array: NDArray, _ kind: ValueKind) -> TreeValue {
    let word = { (offset: Int) -> UInt64 in
      array.withBytes { bytes in
        bytes.byteCount < offset + 8
          ? 0 : unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      }
    }
    switch kind {
    case .int:
      return array.dtype == .uint64
        ? .int(IntegerText(word(0))) : .int(IntegerText(Int64(bitPattern: word(0))))
    case .float: return .float(Float64Bits(bitPattern: word(0)))
    case .complex:
      return .complex(
        real: Float64Bits(bitPattern: word(0)), imaginary: Float64Bits(bitPattern: word(8)))
    case .bool:
      return .bool(
        array.withBytes { bytes in
          guard bytes.byteCount > 0 else { return false }
          return unsafe bytes.unsafeLoad(fromByteOffset: 0, as: UInt8.self) != 0
        })
    case .string, .bytes, .null, .stringArray: return .null
    }
  }

  /// Returns the bytes of a number as an element of a type, without rounding.
  ///
  /// - Throws: `cast.inexact`, `cast.out-of-range`.
  static func element(_ number: Double, _ dtype: DType) throws(CoppiceError) -> [UInt8] {
    let array = try make(.float64, [number.bitPattern])
    let element = try CastingSource(array, to: dtype, mode: .exact).load()
    return element.withBytes { bytes in
      (0..<bytes.byteCount).map { unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
  }
}
