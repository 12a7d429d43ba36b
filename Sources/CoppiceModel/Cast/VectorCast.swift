internal import CCoppiceCast

/// The instruction set of the vectorised loops.
package enum VectorLoops: Sendable {
  /// The instructions that every processor of the architecture has.
  case plain
  /// AVX2 and F16C.
  case avx2

  /// The fastest that this processor supports.
  package static let best: VectorLoops = ccast_best_level() == ccast_avx2 ? .avx2 : .plain

  /// All that this processor supports.
  package static var available: [VectorLoops] { best == .avx2 ? [.plain, .avx2] : [.plain] }

  fileprivate var level: ccast_level {
    switch self {
    case .plain: ccast_plain
    case .avx2: ccast_avx2
    }
  }
}

/// A vectorised cast between floating-point dtypes, as fast as memory allows.
struct VectorCast {
  private enum Pair {
    case float16ToFloat32, bfloat16ToFloat32, float32ToFloat64
    case float32ToFloat16, float32ToBFloat16, float64ToFloat32
  }

  private let pair: Pair
  private let check: ccast_check
  private let level: ccast_level
  /// The bytes of a real number of the source; a complex number is converted as two.
  private let width: Int

  /// Makes a cast; `nil` for pairs of dtypes without a loop.
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

  /// Converts a block; returns whether any element fails.
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
