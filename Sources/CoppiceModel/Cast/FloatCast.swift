/// A cast from float32 or float64 to another real floating-point dtype for which there is no vector
/// loop.
struct FloatCast {
  private let cast: ElementCast
  private let format: FloatFormat

  /// Makes a cast; `nil` for other pairs of dtypes.
  init?(_ cast: ElementCast) {
    guard cast.source == .float32 || cast.source == .float64, cast.target.kind == .float,
      let format = cast.format, format.fractionBits < 23
    else { return nil }
    self.cast = cast
    self.format = format
  }

  /// Converts a block; returns whether any element fails.
  func convert(_ block: RawSpan, to output: inout MutableRawSpan) -> Bool {
    if cast.source == .float32 {
      convert(block, &output) { (bits: UInt32) in FloatFormat.float32.widen(UInt64(bits)) }
    } else {
      convert(block, &output) { (bits: UInt64) in cast.throughFloat32(bits) }
    }
  }

  private func convert<Source: BitwiseCopyable>(
    _ block: RawSpan, _ output: inout MutableRawSpan, _ widen: (Source) -> UInt64
  ) -> Bool {
    cast.target.width == 1
      ? convert(block, &output, UInt8.self, widen) : convert(block, &output, UInt16.self, widen)
  }

  @inline(__always)
  private func convert<Source: BitwiseCopyable, Target: FixedWidthInteger & BitwiseCopyable>(
    _ block: RawSpan, _ output: inout MutableRawSpan, _: Target.Type, _ widen: (Source) -> UInt64
  ) -> Bool {
    var worst = FloatFormat.Narrowed.Fit.exact
    block.map(to: &output) { (element: Source) in
      let narrowed = format.narrow(widen(element), nans: cast.nans)
      worst = max(worst, narrowed.fit)
      return Target(truncatingIfNeeded: narrowed.code)
    }
    return cast.failure(of: worst) != nil
  }
}
