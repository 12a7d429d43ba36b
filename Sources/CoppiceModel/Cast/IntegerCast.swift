/// A cast from integers of 32 or 64 bits to integers of whole bytes, float32 or float64.
struct IntegerCast {
  private let source: DType
  private let target: DType
  private let mode: CastMode

  /// Makes a cast; `nil` for pairs of dtypes without a loop.
  init?(from source: DType, to target: DType, mode: CastMode) {
    let sources: [DType] = [.int32, .int64, .uint32, .uint64]
    let targets: [DType] = [
      .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float32, .float64,
    ]
    guard sources.contains(source), targets.contains(target) else { return nil }
    self.source = source
    self.target = target
    self.mode = mode
  }

  /// Converts a block; returns whether any element fails or may fail.
  func convert(_ block: RawSpan, to output: inout MutableRawSpan) -> Bool {
    switch source {
    case .int32: convert(Int32.self, block, &output)
    case .int64: convert(Int64.self, block, &output)
    case .uint32: convert(UInt32.self, block, &output)
    default: convert(UInt64.self, block, &output)
    }
  }

  private typealias Machine = FixedWidthInteger & BitwiseCopyable

  private func convert(
    _ source: (some Machine).Type, _ block: RawSpan, _ output: inout MutableRawSpan
  ) -> Bool {
    switch target {
    case .int8: convert(source, Int8.self, block, &output)
    case .int16: convert(source, Int16.self, block, &output)
    case .int32: convert(source, Int32.self, block, &output)
    case .int64: convert(source, Int64.self, block, &output)
    case .uint8: convert(source, UInt8.self, block, &output)
    case .uint16: convert(source, UInt16.self, block, &output)
    case .uint32: convert(source, UInt32.self, block, &output)
    case .uint64: convert(source, UInt64.self, block, &output)
    case .float32: convert(source, Float.self, block, &output)
    default: convert(source, Double.self, block, &output)
    }
  }

  /// Truncates to the low bits, or extends the sign.
  private func convert<Source: Machine, Target: Machine>(
    _: Source.Type, _: Target.Type, _ block: RawSpan, _ output: inout MutableRawSpan
  ) -> Bool {
    var lost: Source = 0
    block.map(to: &output) { (value: Source) in
      let result = Target(truncatingIfNeeded: value)
      lost |= Source(truncatingIfNeeded: result) ^ value
      lost |= (result < 0) == (value < 0) ? 0 : 1
      return result
    }
    return lost != 0 && mode != .lossy
  }

  /// Rounds to nearest, which is exact if no magnitude has more bits than the significand.
  private func convert<Source: Machine, Target: BinaryFloatingPoint & BitwiseCopyable>(
    _: Source.Type, _: Target.Type, _ block: RawSpan, _ output: inout MutableRawSpan
  ) -> Bool {
    var magnitudes: Source.Magnitude = 0
    block.map(to: &output) { (value: Source) in
      magnitudes |= value.magnitude
      return Target(value)
    }
    let bits = Source.Magnitude.bitWidth - magnitudes.leadingZeroBitCount
    return bits > Target.significandBitCount + 1 && mode != .lossy
  }
}
