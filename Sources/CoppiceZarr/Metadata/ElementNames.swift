package import CoppiceModel

extension DType {
  /// Makes the type that a zarr 3 document names.
  init?(zarr3 name: String) { self.init(rawValue: name) }

  /// Returns the type that a zarr 2 document names, and whether its elements are big-endian.
  ///
  /// The names are NumPy's, such as `<f4`, or TensorStore's bare names of the types that NumPy
  /// lacks.
  static func zarr2(_ name: String) -> (dtype: DType, isBigEndian: Bool)? {
    if let order = name.utf8.first, [0x3C, 0x3E, 0x7C].contains(order) {
      guard let dtype = numpyNames[String(name.dropFirst())] else { return nil }
      // `|` means that byte order doesn't apply, which is true of single bytes only.
      guard order != 0x7C || dtype.width == 1 else { return nil }
      return (dtype, order == 0x3E && dtype.width > 1)
    }
    guard let dtype = DType(rawValue: name), tensorstoreNames.contains(dtype) else { return nil }
    return (dtype, false)
  }

  /// The name of the type in a zarr 2 document, little-endian.
  package var zarr2Name: String {
    guard let name = Self.numpyNames.first(where: { $0.value == self })?.key else {
      return rawValue
    }
    return (width == 1 ? "|" : "<") + name
  }

  private static let numpyNames: [String: DType] = [
    "b1": .bool, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64, "u1": .uint8,
    "u2": .uint16, "u4": .uint32, "u8": .uint64, "f2": .float16, "f4": .float32, "f8": .float64,
    "c8": .complex64, "c16": .complex128,
  ]

  private static let tensorstoreNames: Set<DType> = [
    .bfloat16, .int2, .int4, .uint2, .uint4, .float4_e2m1fn, .float8_e3m4, .float8_e4m3,
    .float8_e4m3b11fnuz, .float8_e4m3fn, .float8_e4m3fnuz, .float8_e5m2, .float8_e5m2fnuz,
    .float8_e8m0fnu,
  ]

  /// Whether an element's value takes fewer bits than its byte has.
  var isBelowByte: Bool { significantBits < 8 && self != .bool }

  /// The bytes that are swapped together; the halves of a complex number are swapped separately.
  package var swapWidth: Int { kind == .complex ? width / 2 : width }
}
