import CoppiceModel

extension CodedNode {
  /// The node as an array, if it is a leaf or a number; a number becomes an array without
  /// dimensions.
  var array: NDArray? {
    get throws {
      switch node {
      case .leaf(let array): array
      case .value(.int(let number)):
        if let number = Int64(number.text) {
          try NDArray(scalar: number)
        } else {
          try UInt64(number.text).map { try NDArray(scalar: $0) }
        }
      case .value(.float(let number)):
        // A NaN's bits survive as an integer.
        try NDArray(scalar: number.bitPattern).reinterpreted(as: .float64)
      case .value(.complex(let real, let imaginary)):
        try NDArray([real.bitPattern, imaginary.bitPattern]).reinterpreted(as: .complex128)
      case .value(.bool(let isTrue)): try NDArray(scalar: isTrue)
      case .value(.bytes(let bytes)): try NDArray(bytes)
      default: nil
      }
    }
  }

  /// The node as an integer, if it is a number, or an array without dimensions, that has an integer
  /// as its value.
  var integer: IntegerText? {
    get throws {
      if case .value(.int(let number)) = node { return number }
      guard let array = try array, array.shape == .scalar, array.dtype != .bool else { return nil }
      switch array.withBytes({ ElementNumber(array.dtype, atByte: 0, in: $0) }) {
      case .integer(let number): return IntegerText(number)
      case .real(let bits):
        let value = Double(bitPattern: bits)
        // Minus zero is no integer.
        guard value.floatingPointClass != .negativeZero else { return nil }
        return Int128(exactly: value).map { IntegerText($0) }
      default: return nil
      }
    }
  }

  /// Returns the node as a number of a type; throws if the type can't represent the value exactly,
  /// unless casts are allowed.
  func number<Number: ArrayElement>(_ type: Number.Type) throws -> Number {
    guard let array = try array, array.shape == .scalar else { throw mismatch(type) }
    guard let number = try converted(array, to: type).elements(as: type).first else {
      throw mismatch(type)
    }
    markUsed()
    return number
  }

  /// Returns the node as nested numbers, if it is an array of as many dimensions.
  func nested<Nested: NestedElements>(_ type: Nested.Type) throws -> Nested? {
    guard case .leaf(let array) = node else { return nil }
    let wanted = type.nesting
    guard array.shape.rank == wanted.rank else {
      throw mismatch(type, "that has \(wanted.rank) dimensions")
    }
    let value = try convert(array, to: wanted.dtype, for: type).nested(as: type)
    markUsed()
    return value
  }

  private func converted<Number: ArrayElement>(
    _ array: NDArray, to type: Number.Type
  ) throws -> NDArray {
    try convert(array, to: Number.dtype, for: type)
  }

  private func convert(_ array: NDArray, to dtype: DType, for type: Any.Type) throws -> NDArray {
    guard array.dtype != dtype else { return array }
    // A `Bool` isn't a number, whatever its value.
    guard array.dtype != .bool, dtype != .bool else { throw mismatch(type) }
    do throws(CoppiceError) {
      return try CastingSource(array, to: dtype, mode: run.options.casts).load()
    } catch {
      guard array.shape == .scalar, error.code != .limitMemory else { throw error }
      throw mismatch(type, "that can't hold the value\(remedy)")
    }
  }

  private var remedy: String {
    run.options.casts == .exact ? " exactly; casts of the decoder's options may round it" : ""
  }
}

extension NDArray {
  /// Returns an array of one element of another type with the same bytes.
  fileprivate func reinterpreted(as dtype: DType) throws(CoppiceError) -> NDArray {
    try NDArray(dtype: dtype, shape: .scalar) { (bytes: inout MutableRawSpan) in
      withBytes { bytes.copy(from: $0, at: 0) }
    }
  }
}
