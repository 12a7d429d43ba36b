// Blocks of 256 elements that are −1, 0 or 1, with one scale.

/// Five elements in a byte, the digits of a fraction to base 3; the last 16 are four in a byte.
enum TQ1_0: QuantizedBlock {
  static let elementCount = 256
  static let byteCount = 54

  static func decode(_ block: Span<UInt8>, to elements: inout MutableSpan<Float>) {
    let scale = block.half(at: 52)
    var place = 0
    // Each run of bytes has the first digits of all its bytes, then the second ones, and so on.
    for (first, count, digits) in [(0, 32, 5), (32, 16, 5), (48, 4, 4)] {
      var power: UInt8 = 1
      for _ in 0..<digits {
        for index in first..<(first + count) {
          let digit = (UInt16(block[index] &* power) * 3) >> 8
          elements[place] = scale * Float(Int(digit) - 1)
          place += 1
        }
        power &*= 3
      }
    }
  }
}

/// Two bits an element.
enum TQ2_0: QuantizedBlock {
  static let elementCount = 256
  static let byteCount = 66

  static func decode(_ block: Span<UInt8>, to elements: inout MutableSpan<Float>) {
    let scale = block.half(at: 64)
    for group in 0..<8 {
      let (first, shift) = (group / 4 * 32, UInt8(group % 4 * 2))
      for index in 0..<32 {
        let bits = block[first + index] >> shift & 3
        elements[group * 32 + index] = scale * Float(Int(bits) - 1)
      }
    }
  }
}
