/// The value of one element of any dtype.
package enum ElementNumber {
  /// An integer, or a bool as 0 or 1.
  case integer(Int128)

  /// A floating-point number, widened to the bits of a 64-bit one.
  ///
  /// Bits rather than a `Double`, since processors may quiet a signalling NaN.
  case real(UInt64)

  case complex(real: UInt64, imaginary: UInt64)
}

extension ElementNumber {
  /// Reads the element at a byte offset of a span; `nil` when unused bits are set.
  package init?(_ dtype: DType, atByte offset: Int, in bytes: RawSpan) {
    func load<Bits: BitwiseCopyable>(_ type: Bits.Type, _ offset: Int) -> Bits {
      unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: type)
    }
    switch dtype {
    case .bool, .int2, .int4, .uint2, .uint4, .float4_e2m1fn:
      let code = load(UInt8.self, offset)
      guard code & dtype.unusedBits == 0 else { return nil }
      self.init(dtype, code: code)
    case .int8: self = .integer(Int128(load(Int8.self, offset)))
    case .uint8: self = .integer(Int128(load(UInt8.self, offset)))
    case .int16: self = .integer(Int128(load(Int16.self, offset)))
    case .uint16: self = .integer(Int128(load(UInt16.self, offset)))
    case .int32: self = .integer(Int128(load(Int32.self, offset)))
    case .uint32: self = .integer(Int128(load(UInt32.self, offset)))
    case .int64: self = .integer(Int128(load(Int64.self, offset)))
    case .uint64: self = .integer(Int128(load(UInt64.self, offset)))
    case .float8_e3m4, .float8_e4m3, .float8_e4m3b11fnuz, .float8_e4m3fn, .float8_e4m3fnuz,
      .float8_e5m2, .float8_e5m2fnuz, .float8_e8m0fnu:
      self.init(dtype, code: load(UInt8.self, offset))
    case .float16: self = .real(FloatFormat.float16.widen(UInt64(load(UInt16.self, offset))))
    case .bfloat16: self = .real(FloatFormat.bfloat16.widen(UInt64(load(UInt16.self, offset))))
    case .float32: self = .real(FloatFormat.float32.widen(UInt64(load(UInt32.self, offset))))
    case .float64: self = .real(load(UInt64.self, offset))
    case .complex64:
      self = .complex(
        real: FloatFormat.float32.widen(UInt64(load(UInt32.self, offset))),
        imaginary: FloatFormat.float32.widen(UInt64(load(UInt32.self, offset + 4))))
    case .complex128:
      self = .complex(real: load(UInt64.self, offset), imaginary: load(UInt64.self, offset + 8))
    }
  }

  /// Makes the value of a one-byte code: a bool, an integer, or a float of at most eight bits.
  init(_ dtype: DType, code: UInt8) {
    if let format = dtype.floatFormat {
      self = .real(format.widen(UInt64(code)))
    } else if dtype.kind == .signedInteger {
      let shift = 8 - dtype.significantBits
      self = .integer(Int128(Int8(truncatingIfNeeded: Int(code) << shift) >> shift))
    } else {
      self = .integer(Int128(code))
    }
  }
}

extension DType {
  /// The bits of a one-byte element that must be zero.
  var unusedBits: UInt8 {
    width == 1 ? ~UInt8(truncatingIfNeeded: (1 << significantBits) - 1) : 0
  }
}
