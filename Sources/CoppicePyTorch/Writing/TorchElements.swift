import CoppiceModel

/// The elements of an array in the nearest type of torch that holds every bit of them.
struct TorchElements {
  let source: any ArraySource
  /// A message about a type that isn't the array's own.
  let note: String?

  /// Takes over an array.
  ///
  /// - Throws: `pytorch.limit` when its size overflows.
  init(_ source: any ArraySource) throws(CoppiceError) {
    if Self.types.contains(source.dtype) {
      (self.source, note) = (source, nil)
      return
    }
    let (changed, what): ((any ArraySource)?, String) =
      switch source.dtype {
      case .int2, .int4:
        (MappedBytesSource(signExtending: source), "the values are written as int8")
      case .uint2, .uint4: (Self.bytes(of: source), "the values are written as uint8")
      default: (Self.bytes(of: source), "the bits are written as uint8")
      }
    guard let changed else {
      throw CoppiceError(.pytorchLimit, "the array's size overflows 64 bits")
    }
    self.source = changed
    note = "\(source.dtype) is not in the format; \(what)"
  }

  private static func bytes(of source: any ArraySource) -> (any ArraySource)? {
    ReinterpretedSource(source, dtype: .uint8, shape: source.shape)
  }

  /// The types that torch has.
  static let types = Set(storageClasses.keys).union(newTypes)

  /// The class of storages of a type; `nil` for a newer type, whose storages have none.
  static func storageClass(of dtype: DType) -> String? { storageClasses[dtype] }

  private static let storageClasses: [DType: String] = [
    .float64: "DoubleStorage", .float32: "FloatStorage", .float16: "HalfStorage",
    .bfloat16: "BFloat16Storage", .int64: "LongStorage", .int32: "IntStorage",
    .int16: "ShortStorage", .int8: "CharStorage", .uint8: "ByteStorage", .bool: "BoolStorage",
    .complex64: "ComplexFloatStorage", .complex128: "ComplexDoubleStorage",
  ]

  /// The types that are newer than the classes of storages; torch has them under the same names.
  private static let newTypes: [DType] = [
    .uint16, .uint32, .uint64, .float8_e4m3fn, .float8_e5m2, .float8_e4m3fnuz, .float8_e5m2fnuz,
    .float8_e8m0fnu,
  ]
}
