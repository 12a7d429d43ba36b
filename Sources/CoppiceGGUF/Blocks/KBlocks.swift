// The "K" types: blocks of 256 elements, in groups of 16 or 32 whose scales are quantised themselves.

/// Two bits an element; each group of 16 has a scale and a minimum of four bits.
enum Q2_K: QuantizedBlock {
  static let elementCount = 256
  static let byteCount = 84

  static func decode(_ block: Span<UInt8>, to elements: inout MutableSpan<Float>) {
    let (scale, minimum) = (block.half(at: 80), block.half(at: 82))
    for group in 0..<16 {
      let bits = block[group]
      let (groupScale, groupMinimum) = (scale * Float(bits & 15), minimum * Float(bits >> 4))
      // Of 32 bytes, the lowest two bits are the first 32 elements, and so on.
      let (first, shift) = (16 + group / 8 * 32 + group % 2 * 16, UInt8(group % 8 / 2 * 2))
      for index in 0..<16 {
        elements[group * 16 + index] =
          groupScale * Float(block[first + index] >> shift & 3) - groupMinimum
      }
    }
  }
}

/// Three bits an element, the third of them apart; each group of 16 has a scale of six bits.
enum Q3_K: QuantizedBlock {
  static let elementCount = 256
  static let byteCount = 110

  static func decode(_ block: Span<UInt8>, to elements: inout MutableSpan<Float>) {
    let scale = block.half(at: 108)
    for group in 0..<16 {
      let low = block[96 + group % 8] >> UInt8(group / 8 * 4) & 15
      let high = block[104 + group % 4] >> UInt8(group / 4 * 2) & 3
      let groupScale = scale * Float(Int(low | high << 4) - 32)
      let (first, shift) = (32 + group / 8 * 32 + group % 2 * 16, UInt8(group % 8 / 2 * 2))
      let (firstMask, bit) = (group % 2 * 16, UInt8(group / 2))
      for index in 0..<16 {
        // Four is subtracted where the third bit is not set.
        let third = (block[firstMask + index] >> bit & 1) << 2
        let number = Int(block[first + index] >> shift & 3 | third) - 4
        elements[group * 16 + index] = groupScale * Float(number)
      }
    }
  }
}

/// Four bits an element; each group of 32 has a scale and a minimum of six bits.
enum Q4_K: QuantizedBlock {
  static let elementCount = 256
  static let byteCount = 144
  static let swappedOffsets: [Int]? = [0, 2]

  static func decode(_ block: Span<UInt8>, to elements: inout MutableSpan<Float>) {
    for group in 0..<8 {
      let (scale, minimum) = scaleAndMinimum(of: group, block)
      let (first, shift) = (16 + group / 2 * 32, UInt8(group % 2 * 4))
      for index in 0..<32 {
        elements[group * 32 + index] =
          scale * Float(block[first + index] >> shift & 15) - minimum
      }
    }
  }

  /// Returns the scale and the minimum of a group.
  ///
  /// Both have six bits in the twelve bytes after the block's own. Those of the last four groups lie in the top
  /// bits of those of the first four, and in four bytes of their own.
  @inline(__always)
  static func scaleAndMinimum(of group: Int, _ block: Span<UInt8>) -> (Float, Float) {
    let (scale, minimum) = (block.half(at: 0), block.half(at: 2))
    let second = block[8 + group]
    guard group >= 4 else {
      return (scale * Float(block[4 + group] & 63), minimum * Float(second & 63))
    }
    let scaleBits = second & 15 | block[group] >> 2 & 0x30
    let minimumBits = second >> 4 | block[4 + group] >> 2 & 0x30
    return (scale * Float(scaleBits), minimum * Float(minimumBits))
  }
}

/// Five bits an element, the fifth of them apart; scales and minima as in `Q4_K`.
enum Q5_K: QuantizedBlock {
  static let elementCount = 256
  static let byteCount = 176

  static func decode(_ block: Span<UInt8>, to elements: inout MutableSpan<Float>) {
    for group in 0..<8 {
      let (scale, minimum) = Q4_K.scaleAndMinimum(of: group, block)
      let (first, shift) = (48 + group / 2 * 32, UInt8(group % 2 * 4))
      for index in 0..<32 {
        let fifth = block[16 + index] >> UInt8(group) & 1
        let number = block[first + index] >> shift & 15 | fifth << 4
        elements[group * 32 + index] = scale * Float(number) - minimum
      }
    }
  }
}

/// Six bits an element, the last two of them apart; each group of 16 has a scale of eight bits.
enum Q6_K: QuantizedBlock {
  static let elementCount = 256
  static let byteCount = 210
  static let swappedOffsets: [Int]? = [208]

  static func decode(_ block: Span<UInt8>, to elements: inout MutableSpan<Float>) {
    let scale = block.half(at: 208)
    for group in 0..<16 {
      let groupScale = scale * Float(block.signed(at: 192 + group))
      let half = group / 8
      // 64 bytes have the low four bits of 128 elements, and 32 bytes their high two.
      let (first, shift) = (half * 64 + group % 4 * 16, UInt8(group % 8 / 4 * 4))
      let (firstHigh, highShift) = (128 + half * 32 + group % 2 * 16, UInt8(group % 8 / 2 * 2))
      for index in 0..<16 {
        let high = block[firstHigh + index] >> highShift & 3
        let number = Int(block[first + index] >> shift & 15 | high << 4) - 32
        elements[group * 16 + index] = groupScale * Float(number)
      }
    }
  }
}

/// Eight bits an element, with a scale of 32 bits; GGML makes such blocks while it computes.
///
/// The sums of the groups, which follow, aren't needed.
enum Q8_K: QuantizedBlock {
  static let elementCount = 256
  static let byteCount = 292

  static func decode(_ block: Span<UInt8>, to elements: inout MutableSpan<Float>) {
    let scale = block.float(at: 0)
    for index in 0..<256 { elements[index] = scale * Float(block.signed(at: 4 + index)) }
  }
}
