import CoppiceModel
import CoppiceTestSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files that `generate.py` writes.
enum CastVectors {
  /// The lines of a file, cut at spaces, comments left out.
  static func lines(_ name: String) -> [[Substring]] {
    let directory = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let path = directory.joined(separator: "/") + "/Vectors/" + name
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
      text += buffer[..<count]
    }
    return String(decoding: text, as: UTF8.self).split(separator: "\n").lazy
      .filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ") }
  }

  /// For each type the telling elements.
  static let inputs: [DType: [UInt8]] = Dictionary(
    uniqueKeysWithValues: lines("inputs.txt").map { line in
      let dtype = DType(rawValue: String(line[0]))!
      return (dtype, line.dropFirst().flatMap { bytes($0, dtype) })
    })

  /// The bytes of an element written as hexadecimal words: one, or two for a complex number.
  static func bytes(_ text: Substring, _ dtype: DType) -> [UInt8] {
    let digits = dtype.kind == .complex ? dtype.width : dtype.width * 2
    return stride(from: 0, to: text.utf8.count, by: digits).flatMap { start in
      let word = UInt64(text.dropFirst(start).prefix(digits), radix: 16)!
      return (0..<(digits / 2)).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) }
    }
  }
}

// The elements behind `digests.txt`, as `generate.py` makes them.
extension CastVectors {
  /// All elements of a type of at most 16 bits, or 16,384 of a wider one.
  static func elements(_ dtype: DType) -> [UInt8] {
    if dtype.width == 1 { return (0..<(1 << dtype.significantBits)).map { UInt8($0) } }
    if dtype.width == 2 {
      let codes = (0...UInt16.max).map { $0.littleEndian }
      return codes.span.bytes.copied
    }
    let isComplex = dtype.kind == .complex
    let width = isComplex ? dtype.width / 2 : dtype.width
    let isFloat = isComplex || dtype.kind == .float
    return (0..<UInt64(isComplex ? 32768 : 16384)).flatMap { index in
      let word = mixedWord(index, bits: UInt64(width * 8), isFloat: isFloat)
      return (0..<width).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) }
    }
  }

  /// SplitMix64.
  private static func mix(_ x: UInt64) -> UInt64 {
    var z = x &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  private static func mixedWord(_ index: UInt64, bits: UInt64, isFloat: Bool) -> UInt64 {
    let r = mix(index)
    let s = mix(r)
    let k = s & (bits - 1)
    let mask: UInt64 = ~0 >> (64 - bits)
    let small = ((s >> 9) & 3) &- 1
    let choices: [UInt64] = [
      r, r << k, (r << k) &+ 1, (r << k) &- 1, (r & mask) >> k, 0 &- ((r & mask) >> k),
      (1 << k) &+ small, small &- (1 << k),
    ]
    let x = choices[Int((s >> 6) & 7)] & mask
    guard isFloat else { return x }
    let (fraction, exponents, bias): (UInt64, UInt64, UInt64) =
      bits == 32 ? (23, 0xFF, 127) : (52, 0x7FF, 1023)
    let reach = [0, 0, 30, min(160, bias - 1)][Int((s >> 12) & 3)]
    guard reach > 0 else { return x }
    let exponent = bias - reach + (s >> 16) % (reach * 2)
    return (x & ~(exponents << fraction)) | (exponent << fraction)
  }

  /// An odd number for each place in a digest.
  private static let weights = (0..<(1 << 17)).map { mix($0 ^ 0xD1B5_4A32_D192_ED03) | 1 }

  /// The digest of words: their sum, each multiplied by an odd number of its own.
  static func digest(_ words: [UInt64]) -> UInt64 {
    // Pointers, and no iterators: a debug build optimizes neither.
    weights.withUnsafeBufferPointer { weights in
      words.withUnsafeBufferPointer { words in
        var (sum, index) = (UInt64(0), 0)
        while index < words.count {
          sum &+= words[index] &* weights[index]
          index += 1
        }
        return sum
      }
    }
  }

  /// The words of elements: one each, two for complex ones.
  static func words(_ bytes: [UInt8], _ dtype: DType) -> [UInt64] {
    switch dtype.kind == .complex ? dtype.width / 2 : dtype.width {
    case 1: words(bytes, of: UInt8.self)
    case 2: words(bytes, of: UInt16.self)
    case 4: words(bytes, of: UInt32.self)
    default: words(bytes, of: UInt64.self)
    }
  }

  private static func words<Word: UnsignedInteger & BitwiseCopyable>(
    _ bytes: [UInt8], of word: Word.Type
  ) -> [UInt64] {
    bytes.withUnsafeBytes { bytes in bytes.bindMemory(to: word).map { UInt64($0) } }
  }
}
