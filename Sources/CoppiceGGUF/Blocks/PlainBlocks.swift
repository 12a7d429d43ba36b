// Blocks of 32 elements with one scale, and perhaps a minimum. Of a byte with two elements, the low half is one
// of the first sixteen.

/// Four bits an element, around zero.
enum Q4_0: QuantizedBlock {
  static let elementCount = 32
  static let byteCount = 18
  static let swappedOffsets: [Int]? = [0]

  static func decode(_ block: Span<UInt8>, to elements: inout MutableSpan<Float>) {
    let scale = block.half(at: 0)
    for index in 0..<16 {
      let pair = block[2 + index]
      elements[index] = scale * Float(Int(pair & 15) - 8)
      elements[16 + index] = scale * Float(Int(pair >> 4) - 8)
    }
  }
}

/// Four bits an element, above a minimum.
enum Q4_1: QuantizedBlock {
  static let elementCount = 32
  static let byteCount = 20

  static func decode(_ block: Span<UInt8>, to elements: inout MutableSpan<Float>) {
    let (scale, minimum) = (block.half(at: 0), block.half(at: 2))
    for index in 0..<16 {
      let pair = block[4 + index]
      elements[index] = scale * Float(pair & 15) + minimum
      elements[16 + index] = scale * Float(pair >> 4) + minimum
    }
  }
}

/// Five bits an element, around zero; the fifth bits are apart.
enum Q5_0: QuantizedBlock {
  static let elementCount = 32
  static let byteCount = 22

  static func decode(_ block: Span<UInt8>, to elements: inout MutableSpan<Float>) {
    let scale = block.half(at: 0)
    for index in 0..<16 {
      let (low, high) = Q5_1.pair(block, index, highBits: 2, lowBits: 6)
      elements[index] = scale * Float(Int(low) - 16)
      elements[16 + index] = scale * Float(Int(high) - 16)
    }
  }
}

/// Five bits an element, above a minimum; the fifth bits are apart.
enum Q5_1: QuantizedBlock {
  static let elementCount = 32
  static let byteCount = 24

  static func decode(_ block: Span<UInt8>, to elements: inout MutableSpan<Float>) {
    let (scale, minimum) = (block.half(at: 0), block.half(at: 2))
    for index in 0..<16 {
      let (low, high) = pair(block, index, highBits: 4, lowBits: 8)
      elements[index] = scale * Float(low) + minimum
      elements[16 + index] = scale * Float(high) + minimum
    }
  }

  /// Returns an element of the first sixteen, and the one that shares its byte.
  @inline(__always)
  static func pair(
    _ block: Span<UInt8>, _ index: Int, highBits: Int, lowBits: Int
  ) -> (UInt8, UInt8) {
    let bits = block[lowBits + index]
    let fifth = block[highBits + index / 8] >> UInt8(index % 8) & 1
    let otherFifth = block[highBits + 2 + index / 8] >> UInt8(index % 8) & 1
    return (bits & 15 | fifth << 4, bits >> 4 | otherFifth << 4)
  }
}

/// Eight bits an element.
enum Q8_0: QuantizedBlock {
  static let elementCount = 32
  static let byteCount = 34
  static let swappedOffsets: [Int]? = [0]

  static func decode(_ block: Span<UInt8>, to elements: inout MutableSpan<Float>) {
    let scale = block.half(at: 0)
    for index in 0..<32 { elements[index] = Float(block.signed(at: 2 + index)) * scale }
  }
}
