#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A conversion of elements of any dtype to 64-bit floats, a complex number to its magnitude.
///
/// Integers of 64 bits are rounded; all others stay as they are.
struct ElementNumbers: Sendable {
  private let dtype: DType
  private let wide: WideElements

  init(_ dtype: DType) throws(CoppiceError) {
    self.dtype = dtype
    wide = try WideElements(dtype, to: dtype.kind == .complex ? .complex128 : .float64)
  }

  /// Converts a block of elements and returns their number.
  ///
  /// - Parameters:
  ///   - first: The index of the first element, for errors.
  ///   - values: Memory for the numbers.
  /// - Throws: `cast.invalid-element`.
  func read(
    _ block: RawSpan, from first: Int, into values: inout [Double]
  ) throws(CoppiceError) -> Int {
    let count = block.byteCount / dtype.width
    guard dtype.kind == .complex else {
      try wide.read(block, from: first, into: &values)
      return count
    }
    var parts = [Double](repeating: 0, count: count * 2)
    try wide.read(block, from: first, into: &parts)
    for index in 0..<count {
      let (real, imaginary) = (parts[2 * index], parts[2 * index + 1])
      // C takes the magnitude of an infinity and a NaN for infinite.
      values[index] = real.isNaN || imaginary.isNaN ? .nan : hypot(real, imaginary)
    }
    return count
  }
}

/// A conversion of elements to `float64` or `complex128`.
struct WideElements: Sendable {
  private let source: DType
  private let target: DType
  private let casts: [Cast]

  /// Makes a conversion; the target is complex if the dtype is.
  init(_ dtype: DType, to target: DType) throws(CoppiceError) {
    (source, self.target) = (dtype, target)
    switch dtype {
    case target: casts = []
    case .float16, .bfloat16:
      // There are vectorised loops for these.
      casts = [
        try Cast(from: dtype, to: .float32), try Cast(from: .float32, to: target, mode: .lossy),
      ]
    default: casts = [try Cast(from: dtype, to: target, mode: .lossy)]
    }
  }

  /// Converts the elements of a block, for which `values` has room.
  ///
  /// - Throws: `cast.invalid-element`.
  func read(
    _ block: RawSpan, from first: Int, into values: inout [Double]
  ) throws(CoppiceError) {
    let count = block.byteCount / source.width
    var span = values.mutableSpan
    var all = unsafe span.mutableBytes
    var output = all._mutatingExtracting(first: count * target.width)
    switch casts.count {
    case 0: output.copy(from: block, at: 0)
    case 1: try casts[0].apply(block, to: &output, firstElement: first)
    default:
      var buffer = [UInt32](repeating: 0, count: count)
      var between = buffer.mutableSpan
      var bytes = unsafe between.mutableBytes
      try casts[0].apply(block, to: &bytes, firstElement: first)
      try casts[1].apply(bytes.bytes, to: &output, firstElement: first)
    }
  }
}

/// The exact sums of integers of 64 bits, which 64-bit floats can't hold.
enum IntegerSums {
  /// Returns the range and the sum of a block; `nil` for other dtypes.
  static func of(_ block: RawSpan, _ dtype: DType) -> (ClosedRange<Int128>, Int128)? {
    switch dtype {
    case .int64: sums(block, Int64.self)
    case .uint64: sums(block, UInt64.self)
    default: nil
    }
  }

  private static func sums<Element: FixedWidthInteger & BitwiseCopyable>(
    _ block: RawSpan, _: Element.Type
  ) -> (ClosedRange<Int128>, Int128)? {
    var (least, greatest) = (Element.max, Element.min)
    // The low and the high half of each: a block is too small for an overflow.
    var (low, high) = (UInt64(0), Int64(0))
    for offset in stride(from: 0, to: block.byteCount, by: 8) {
      let value = unsafe block.unsafeLoadUnaligned(fromByteOffset: offset, as: Element.self)
      least = min(least, value)
      greatest = max(greatest, value)
      low &+= UInt64(truncatingIfNeeded: value & 0xFFFF_FFFF)
      high &+= Int64(truncatingIfNeeded: value >> 32)
    }
    return (Int128(least)...Int128(greatest), (Int128(high) << 32) + Int128(low))
  }
}
