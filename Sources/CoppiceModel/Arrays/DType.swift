/// The element type of an array, named as in NumPy and ml_dtypes.
///
/// Elements are little-endian. Dtypes narrower than a byte take one byte per element, in memory and
/// on disk, with the unused high bits zero.
///
/// Spec: MOD-10.
public enum DType: String, CaseIterable, Hashable, Sendable {
  case bool
  case int2, int4, int8, int16, int32, int64
  case uint2, uint4, uint8, uint16, uint32, uint64
  // The types of ml_dtypes keep its spelling.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  case float4_e2m1fn
  // swift-format-ignore: AlwaysUseLowerCamelCase
  case float8_e3m4, float8_e4m3, float8_e4m3b11fnuz, float8_e4m3fn, float8_e4m3fnuz
  // swift-format-ignore: AlwaysUseLowerCamelCase
  case float8_e5m2, float8_e5m2fnuz, float8_e8m0fnu
  case float16, bfloat16, float32, float64
  case complex64, complex128
}

extension DType {
  /// A kind of number.
  public enum Kind: Hashable, Sendable {
    case bool, signedInteger, unsignedInteger, float, complex
  }

  /// The kind of number that an element is.
  public var kind: Kind {
    switch self {
    case .bool: .bool
    case .int2, .int4, .int8, .int16, .int32, .int64: .signedInteger
    case .uint2, .uint4, .uint8, .uint16, .uint32, .uint64: .unsignedInteger
    case .complex64, .complex128: .complex
    default: .float
    }
  }

  /// The number of bytes of one element, from 1 to 16.
  public var width: Int {
    switch self {
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64, .complex64: 8
    case .complex128: 16
    default: 1
    }
  }

  /// The number of bits of an element that carry its value; fewer than eight for sub-byte dtypes.
  public var significantBits: Int {
    switch self {
    case .bool: 1
    case .int2, .uint2: 2
    case .int4, .uint4, .float4_e2m1fn: 4
    default: width * 8
    }
  }
}

extension DType: CustomStringConvertible {
  /// The name, as in NumPy and ml_dtypes.
  public var description: String { rawValue }
}
