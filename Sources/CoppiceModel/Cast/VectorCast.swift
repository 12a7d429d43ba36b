internal import CCoppiceCast

/// Which instructions the loops over vectors use.
package enum VectorLoops: Sendable {
  /// Those that every processor of the kind has.
  case plain
  /// AVX2 and F16C.
  case avx2

  /// The best that this processor can run.
  package static let best: VectorLoops = ccast_best_level() == ccast_avx2 ? .avx2 : .plain

  /// All that this processor can run.
  package static var available: [VectorLoops] { best == .avx2 ? [.plain, .avx2] : [.plain] }

  fileprivate var level: ccast_level {
    switch self {
    case .plain: ccast_plain
    case .avx2: ccast_avx2
    }
  }
}

/// A cast between floating-point types at the speed of memory.
struct VectorCast {
  private enum Pair {
    case float16ToFloat32, bfloat16ToFloat32, float32ToFloat64
    case float32ToFloat16, float32ToBFloat16, float64ToFloat32
  }

  private let pair: Pair
  private let check: ccast_check
  private let level: ccast_level
  /// The bytes of a number of the source; complex numbers are twice as many real ones.
  private let width: Int

  /// Makes a cast; `nil` where there is no loop for a pair.
  init?(from source: DType, to target: DType, mode: CastMode, _ loops: VectorLoops) {
    switch (source, target) {
    case (.float16, .float32): pair = .float16ToFloat32
    case (.bfloat16, .float32): pair = .bfloat16ToFloat32
    case (.float32, .float64), (.complex64, .complex128): pair = .float32ToFloat64
    case (.float32, .float16): pair = .float32ToFloat16
    case (.float32, .bfloat16): pair = .float32ToBFloat16
    case (.float64, .float32), (.complex128, .complex64): pair = .float64ToFloat32
    default: return nil
    }
    check =
      switch mode {
      case .exact: ccast_exact
      case .rounding: ccast_finite
      case .lossy: ccast_unchecked
      }
    level = loops.level
    width = source.component.width
  }

  /// Converts a block, and tells whether any element fails.
  func convert(_ block: RawSpan, to output: inout MutableRawSpan) -> Bool {
    let count = block.byteCount / width
    return unsafe block.withUnsafeBytes { from in
      unsafe output.withUnsafeMutableBytes { to in
        let (source, target) = (from.baseAddress, to.baseAddress)
        return switch pair {
        case .float16ToFloat32: unsafe ccast_f16_to_f32(source, target, count, check, level)
        case .bfloat16ToFloat32: unsafe ccast_bf16_to_f32(source, target, count, check, level)
        case .float32ToFloat64: unsafe ccast_f32_to_f64(source, target, count, check, level)
        case .float32ToFloat16: unsafe ccast_f32_to_f16(source, target, count, check, level)
        case .float32ToBFloat16: unsafe ccast_f32_to_bf16(source, target, count, check, level)
        case .float64ToFloat32: unsafe ccast_f64_to_f32(source, target, count, check, level)
        }
      }
    }
  }
}
