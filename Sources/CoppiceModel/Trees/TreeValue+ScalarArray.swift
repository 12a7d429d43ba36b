extension TreeValue {
  /// A number as an array of no dimensions, in the type that holds it exactly.
  ///
  /// - Returns: `nil` for an integer beyond 64 bits and for anything but a number.
  package func scalarArray() throws(CoppiceError) -> NDArray? {
    switch self {
    case .int(let integer):
      if let number = Int64(integer.text) {
        return try Self.array(.int64, UInt64(bitPattern: number))
      }
      if let number = UInt64(integer.text) { return try Self.array(.uint64, number) }
      return nil
    case .float(let number): return try Self.array(.float64, number.bitPattern)
    case .bool(let flag): return try NDArray(dtype: .bool, shape: .scalar, bytes: [flag ? 1 : 0])
    case .complex(let real, let imaginary):
      return try Self.array(.complex128, real.bitPattern, imaginary.bitPattern)
    case .string, .bytes, .null, .stringArray: return nil
    }
  }

  private static func array(_ dtype: DType, _ words: UInt64...) throws(CoppiceError) -> NDArray {
    let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
    return try NDArray(dtype: dtype, shape: .scalar, bytes: bytes)
  }
}
