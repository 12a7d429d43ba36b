import CoppiceModel

/// An element type of the format, under its own name.
///
/// Elements of a quantised type are stored in blocks, which never span two rows.
struct GGUFTensorType: Sendable {
  var name: String

  /// The array type for the elements; `nil` for a quantised type.
  var dtype: DType?

  /// The number of elements in a block; 1 for a type that isn't quantised.
  var elementCount = 1

  /// The size of a block, or of an element, in bytes.
  var byteCount: Int

  /// The decoder of the blocks; `nil` where they aren't decoded.
  var decoder: (any QuantizedBlock.Type)?

  private static func plain(_ name: String, _ dtype: DType) -> GGUFTensorType {
    GGUFTensorType(name: name, dtype: dtype, byteCount: dtype.width)
  }

  private static func blocks(_ name: String, of elements: Int, bytes: Int) -> GGUFTensorType {
    GGUFTensorType(name: name, elementCount: elements, byteCount: bytes)
  }

  private static func decoded(
    _ name: String, _ decoder: any QuantizedBlock.Type
  ) -> GGUFTensorType {
    GGUFTensorType(
      name: name, elementCount: decoder.elementCount, byteCount: decoder.byteCount,
      decoder: decoder)
  }

  /// The types, by the format's numbers.
  ///
  /// The gaps are types that the format gave up.
  static let all: [UInt32: GGUFTensorType] = [
    0: .plain("F32", .float32), 1: .plain("F16", .float16), 30: .plain("BF16", .bfloat16),
    28: .plain("F64", .float64),
    24: .plain("I8", .int8), 25: .plain("I16", .int16), 26: .plain("I32", .int32),
    27: .plain("I64", .int64),

    2: .decoded("Q4_0", Q4_0.self), 3: .decoded("Q4_1", Q4_1.self),
    6: .decoded("Q5_0", Q5_0.self), 7: .decoded("Q5_1", Q5_1.self),
    8: .decoded("Q8_0", Q8_0.self),
    10: .decoded("Q2_K", Q2_K.self), 11: .decoded("Q3_K", Q3_K.self),
    12: .decoded("Q4_K", Q4_K.self),
    13: .decoded("Q5_K", Q5_K.self), 14: .decoded("Q6_K", Q6_K.self),
    15: .decoded("Q8_K", Q8_K.self),
    34: .decoded("TQ1_0", TQ1_0.self), 35: .decoded("TQ2_0", TQ2_0.self),
    39: .decoded("MXFP4", MXFP4.self), 40: .decoded("NVFP4", NVFP4.self),

    // Not decoded: most of these need tables, and programs keep no weights in Q8_1.
    9: .blocks("Q8_1", of: 32, bytes: 36),
    16: .blocks("IQ2_XXS", of: 256, bytes: 66), 17: .blocks("IQ2_XS", of: 256, bytes: 74),
    18: .blocks("IQ3_XXS", of: 256, bytes: 98),
    19: .blocks("IQ1_S", of: 256, bytes: 50), 20: .blocks("IQ4_NL", of: 32, bytes: 18),
    21: .blocks("IQ3_S", of: 256, bytes: 110),
    22: .blocks("IQ2_S", of: 256, bytes: 82), 23: .blocks("IQ4_XS", of: 256, bytes: 136),
    29: .blocks("IQ1_M", of: 256, bytes: 56),
    41: .blocks("Q1_0", of: 128, bytes: 18),
    42: .blocks("Q2_0", of: 64, bytes: 18),
  ]
}

extension GGUFTensorType {
  /// The array type of what is stored: the elements, or the bytes of blocks.
  var storedDType: DType { dtype ?? .uint8 }

  /// Returns the shape of what is stored: that of the tensor, with the bytes of a row of blocks last.
  ///
  /// - Returns: `nil` when rows aren't whole blocks, or a size overflows.
  func storedShape(of shape: Shape) -> Shape? {
    guard dtype == nil else { return shape }
    guard let row = shape.dimensions.last, row % elementCount == 0 else { return nil }
    let (bytes, overflow) = (row / elementCount).multipliedReportingOverflow(by: byteCount)
    return overflow ? nil : Shape(shape.dimensions.dropLast() + [bytes])
  }

  /// Returns the decoder of the blocks of a file in a byte order; `nil` where they aren't decoded.
  func decoder(isBigEndian: Bool) -> (any QuantizedBlock.Type)? {
    guard let decoder, isBigEndian else { return decoder }
    return decoder.swappedOffsets == nil ? nil : decoder
  }
}
