import CoppiceModel

/// The element types of the format, under its own names.
///
/// The order of the cases is the format's: tensors of later types come first in a file, so that
/// each begins at a multiple of its width.
enum TensorType: String, CaseIterable, Hashable, Sendable {
  case bool = "BOOL"
  case f4 = "F4"
  case f6e2m3 = "F6_E2M3"
  case f6e3m2 = "F6_E3M2"
  case u8 = "U8"
  case i8 = "I8"
  case f8e5m2 = "F8_E5M2"
  case f8e4m3 = "F8_E4M3"
  case f8e8m0 = "F8_E8M0"
  case f8e4m3fnuz = "F8_E4M3FNUZ"
  case f8e5m2fnuz = "F8_E5M2FNUZ"
  case i16 = "I16"
  case u16 = "U16"
  case f16 = "F16"
  case bf16 = "BF16"
  case i32 = "I32"
  case u32 = "U32"
  case f32 = "F32"
  case c64 = "C64"
  case f64 = "F64"
  case i64 = "I64"
  case u64 = "U64"
}

extension TensorType {
  /// The array type for these elements, or `nil` if no array can have them.
  var dtype: DType? {
    switch self {
    case .bool: .bool
    case .f4: .float4_e2m1fn
    case .f6e2m3, .f6e3m2: nil
    case .u8: .uint8
    case .i8: .int8
    case .f8e5m2: .float8_e5m2
    case .f8e4m3: .float8_e4m3fn
    case .f8e8m0: .float8_e8m0fnu
    case .f8e4m3fnuz: .float8_e4m3fnuz
    case .f8e5m2fnuz: .float8_e5m2fnuz
    case .i16: .int16
    case .u16: .uint16
    case .f16: .float16
    case .bf16: .bfloat16
    case .i32: .int32
    case .u32: .uint32
    case .f32: .float32
    case .c64: .complex64
    case .f64: .float64
    case .i64: .int64
    case .u64: .uint64
    }
  }

  /// Finds the type with a name, compared by its bytes.
  init?(named name: String) {
    guard let type = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name.utf8) })
    else { return nil }
    self = type
  }

  /// Finds the type that holds elements of an array's type unchanged, if there is one.
  init?(holding dtype: DType) {
    guard let type = Self.byDType[dtype] else { return nil }
    self = type
  }

  private static let byDType: [DType: TensorType] = {
    var types: [DType: TensorType] = [:]
    for type in allCases {
      if let dtype = type.dtype { types[dtype] = type }
    }
    return types
  }()

  /// The size of one element in the file in bits.
  var bitWidth: Int {
    switch self {
    case .f4: 4
    case .f6e2m3, .f6e3m2: 6
    default: (dtype?.width ?? 1) * 8
    }
  }

  /// Returns the size of a tensor in the file.
  ///
  /// - Returns: `nil` when it overflows or isn't a whole number of bytes.
  func byteCount(of shape: Shape) -> Int? {
    let (bits, overflow) = shape.elementCount.multipliedReportingOverflow(by: bitWidth)
    return overflow || bits % 8 != 0 ? nil : bits / 8
  }

  /// The position in the format's order.
  var rank: Int { Self.ranks[self] ?? 0 }

  private static let ranks = Dictionary(
    uniqueKeysWithValues: allCases.enumerated().map { ($0.element, $0.offset) })
}
