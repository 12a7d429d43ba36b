import CoppiceModel

/// A Python number, which Orbax stores as an array of rank 0.
enum ScalarValue {
  /// Reads the one element; returns `nil` for element types that Python's numbers don't have.
  ///
  /// - Throws: `orbax.scalar` when there isn't exactly one element; the errors of reading the
  ///   array.
  static func read(_ source: any ArraySource) throws(CoppiceError) -> TreeValue? {
    guard source.shape.elementCount == 1, source.shape.rank == 0 else {
      throw CoppiceError(
        .orbaxScalar,
        "the metadata call this a single number, but an array of shape \(source.shape) is stored; "
          + "files of two checkpoints may have been mixed")
    }
    guard isReadable(source.dtype) else { return nil }
    let array = try source.load()
    return array.withBytes { value(of: array.dtype, $0) }
  }

  private static func isReadable(_ dtype: DType) -> Bool {
    switch dtype.kind {
    case .bool, .complex: true
    case .signedInteger, .unsignedInteger: dtype.significantBits >= 8
    case .float: dtype.width >= 2
    }
  }

  private static func value(of dtype: DType, _ bytes: RawSpan) -> TreeValue? {
    switch dtype {
    case .bool: .bool(load(bytes, UInt8.self) != 0)
    case .int8: .int(IntegerText(load(bytes, Int8.self)))
    case .int16: .int(IntegerText(load(bytes, Int16.self)))
    case .int32: .int(IntegerText(load(bytes, Int32.self)))
    case .int64: .int(IntegerText(load(bytes, Int64.self)))
    case .uint8: .int(IntegerText(load(bytes, UInt8.self)))
    case .uint16: .int(IntegerText(load(bytes, UInt16.self)))
    case .uint32: .int(IntegerText(load(bytes, UInt32.self)))
    case .uint64: .int(IntegerText(load(bytes, UInt64.self)))
    case .float16: .float(Float64Bits(half(load(bytes, UInt16.self))))
    case .bfloat16: .float(Float64Bits(single(UInt32(load(bytes, UInt16.self)) << 16)))
    case .float32: .float(Float64Bits(single(load(bytes, UInt32.self))))
    case .float64: .float(Float64Bits(bitPattern: load(bytes, UInt64.self)))
    case .complex64:
      .complex(
        real: Float64Bits(single(load(bytes, UInt32.self))),
        imaginary: Float64Bits(single(load(bytes, UInt32.self, at: 4))))
    case .complex128:
      .complex(
        real: Float64Bits(bitPattern: load(bytes, UInt64.self)),
        imaginary: Float64Bits(bitPattern: load(bytes, UInt64.self, at: 8)))
    default: nil
    }
  }

  private static func load<Number: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: RawSpan, _: Number.Type, at offset: Int = 0
  ) -> Number {
    Number(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Number.self))
  }

  private static func single(_ bits: UInt32) -> Double { Double(Float(bitPattern: bits)) }

  /// Returns the value of an IEEE half, which is exact in a double.
  private static func half(_ bits: UInt16) -> Double {
    let exponent = Int(bits >> 10) & 31
    let fraction = Double(bits & 0x3FF)
    let magnitude: Double =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 31: fraction == 0 ? .infinity : .nan
      default: Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction * 0x1p-10)
      }
    return bits >> 15 == 0 ? magnitude : -magnitude
  }
}
