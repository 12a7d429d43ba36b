import CoppiceModel

/// Test data that a few lines in any language can compute.
enum Pattern {
  /// The words of SplitMix64 from a seed, as little-endian bytes.
  case noise(UInt64)
  /// A byte that increases by one every 16 bytes, which compresses well.
  case ramp

  /// Returns an array; bits that no value of its dtype uses are zero.
  func array(_ dtype: DType, _ dimensions: [Int]) throws(CoppiceError) -> NDArray {
    guard let shape = Shape(dimensions), let count = shape.byteCount(of: dtype) else {
      throw CoppiceError(.modelByteCount, "there is no such shape")
    }
    let mask: UInt8 = dtype.significantBits < 8 ? (1 << dtype.significantBits) - 1 : 0xFF
    return try NDArray(dtype: dtype, shape: shape, bytes: bytes(count).map { $0 & mask })
  }

  func bytes(_ count: Int) -> [UInt8] {
    switch self {
    case .ramp: return (0..<count).map { UInt8(truncatingIfNeeded: $0 / 16) }
    case .noise(var state):
      var bytes: [UInt8] = []
      while bytes.count < count {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        word ^= word >> 31
        for shift in stride(from: 0, to: 64, by: 8) {
          bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
        }
      }
      return Array(bytes.prefix(count))
    }
  }
}
