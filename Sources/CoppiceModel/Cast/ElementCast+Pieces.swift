extension ElementCast {
  /// Converts a piece element by element, up to the first one that can't be converted.
  func convert(_ bytes: RawSpan, to output: inout MutableRawSpan) -> CastFailure? {
    for index in 0..<(bytes.byteCount / source.width) {
      let offset = index * source.width
      guard let number = ElementNumber(source, atByte: offset, in: bytes) else {
        return CastFailure(
          index: index, reason: .invalidElement, text: Self.hexadecimal(bytes, at: offset))
      }
      let result = convert(number)
      if let reason = result.failure {
        return CastFailure(
          index: index, reason: reason, number: number, text: number.text(source))
      }
      store(result, at: index, in: &output)
    }
    return nil
  }

  /// Writes an element's bits.
  func store(_ result: Result, at index: Int, in output: inout MutableRawSpan) {
    let offset = index * target.width
    switch target.width {
    case 1:
      output.storeBytes(
        of: UInt8(truncatingIfNeeded: result.bits), toByteOffset: offset, as: UInt8.self)
    case 2:
      output.storeBytes(
        of: UInt16(truncatingIfNeeded: result.bits), toByteOffset: offset, as: UInt16.self)
    case 4:
      output.storeBytes(
        of: UInt32(truncatingIfNeeded: result.bits), toByteOffset: offset, as: UInt32.self)
    case 8 where target == .complex64:
      output.storeBytes(
        of: result.bits | result.imaginary << 32, toByteOffset: offset, as: UInt64.self)
    case 8:
      output.storeBytes(of: result.bits, toByteOffset: offset, as: UInt64.self)
    default:
      output.storeBytes(of: result.bits, toByteOffset: offset, as: UInt64.self)
      output.storeBytes(of: result.imaginary, toByteOffset: offset + 8, as: UInt64.self)
    }
  }

  private static func hexadecimal(_ bytes: RawSpan, at offset: Int) -> String {
    let byte = unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    let digits = String(byte, radix: 16, uppercase: true)
    return "0x" + (digits.count < 2 ? "0" : "") + digits
  }
}
