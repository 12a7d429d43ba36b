/// A block of a quantised type: elements with common scales.
///
/// The layouts are those of GGML's structures. The arithmetic is that of the Python package `gguf`, in the
/// same order, so that the results are the same bit for bit.
protocol QuantizedBlock: SendableMetatype {
  /// The number of elements in a block.
  static var elementCount: Int { get }

  /// The size of a block in bytes.
  static var byteCount: Int { get }

  /// The offsets of numbers of 16 bits, for files whose numbers have their most significant byte first.
  ///
  /// `nil` where no program is known that writes such blocks, and so none that says how.
  static var swappedOffsets: [Int]? { get }

  /// Decodes a block.
  ///
  /// - Parameters:
  ///   - block: The bytes of the block.
  ///   - elements: As many elements as a block has.
  static func decode(_ block: Span<UInt8>, to elements: inout MutableSpan<Float>)

  /// Decodes consecutive blocks.
  ///
  /// It is a requirement so that each type has a loop of its own in optimised code.
  static func decodeAll(_ blocks: Span<UInt8>, to elements: inout MutableSpan<Float>)
}

extension QuantizedBlock {
  /// None: only some types are known in this byte order.
  static var swappedOffsets: [Int]? { nil }

  static func decodeAll(_ blocks: Span<UInt8>, to elements: inout MutableSpan<Float>) {
    for index in 0..<(blocks.count / byteCount) {
      let start = index * elementCount
      var part = elements._mutatingExtracting(start..<(start + elementCount))
      decode(blocks.extracting((index * byteCount)..<((index + 1) * byteCount)), to: &part)
    }
  }
}

extension Span<UInt8> {
  /// Returns the number of 16 bits at an offset as one of 32 bits.
  func half(at offset: Int) -> Float {
    let bits = UInt32(self[offset]) | UInt32(self[offset + 1]) << 8
    let (sign, magnitude) = (bits & 0x8000, bits & 0x7FFF)
    guard magnitude < 0x7C00 else {
      return Float(bitPattern: sign << 16 | 0x7F80_0000 | (magnitude & 0x3FF) << 13)
    }
    // The difference of the exponents' biases is 112; it also makes subnormal numbers normal.
    let number = Float(bitPattern: magnitude << 13) * 0x1p112
    return Float(bitPattern: number.bitPattern | sign << 16)
  }

  /// Returns the number of 32 bits at an offset.
  func float(at offset: Int) -> Float {
    var bits: UInt32 = 0
    for place in 0..<4 { bits |= UInt32(self[offset + place]) << (8 * UInt32(place)) }
    return Float(bitPattern: bits)
  }

  /// Returns a signed byte.
  func signed(at offset: Int) -> Int8 { Int8(bitPattern: self[offset]) }
}
