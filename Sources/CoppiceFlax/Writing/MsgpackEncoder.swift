import CoppiceModel

/// An encoder of MessagePack from front to back, which counts the bytes of arrays but omits them.
struct MsgpackEncoder {
  /// The encoded bytes between arrays, with their offsets in the file.
  private(set) var segments: [(offset: Int, bytes: [UInt8])] = [(0, [])]

  /// The offset of the next byte in the file.
  private(set) var offset = 0

  mutating func raw(_ bytes: some Collection<UInt8>) {
    segments[segments.count - 1].bytes.append(contentsOf: bytes)
    offset += bytes.count
  }

  /// Skips bytes that are written later.
  mutating func leaveOut(_ count: Int) {
    offset += count
    segments.append((offset, []))
  }

  mutating func none() { raw([0xC0]) }
  mutating func bool(_ flag: Bool) { raw([flag ? 0xC3 : 0xC2]) }

  mutating func float(_ bits: UInt64) {
    raw([0xCB])
    bigEndian(bits)
  }

  /// Encodes an integer in the shortest form, as msgpack's Python library does.
  mutating func int(_ number: Int64) {
    switch number {
    case 0...: uint(UInt64(number))
    case -32..<0: raw([UInt8(bitPattern: Int8(number))])
    case Int64(Int8.min)...:
      raw([0xD0])
      bigEndian(UInt8(bitPattern: Int8(number)))
    case Int64(Int16.min)...:
      raw([0xD1])
      bigEndian(UInt16(bitPattern: Int16(number)))
    case Int64(Int32.min)...:
      raw([0xD2])
      bigEndian(UInt32(bitPattern: Int32(number)))
    default:
      raw([0xD3])
      bigEndian(UInt64(bitPattern: number))
    }
  }

  mutating func uint(_ number: UInt64) {
    switch number {
    case 0..<0x80: raw([UInt8(number)])
    case 0..<0x100:
      raw([0xCC])
      bigEndian(UInt8(number))
    case 0..<0x1_0000:
      raw([0xCD])
      bigEndian(UInt16(number))
    case 0..<0x1_0000_0000:
      raw([0xCE])
      bigEndian(UInt32(number))
    default:
      raw([0xCF])
      bigEndian(number)
    }
  }

  mutating func string(_ text: String) {
    let count = text.utf8.count
    if count < 32 {
      raw([0xA0 | UInt8(count)])
    } else {
      head(count, 0xD9, 0xDA, 0xDB)
    }
    raw(Array(text.utf8))
  }

  /// Encodes the header of a byte string.
  mutating func bytesHead(_ count: Int) { head(count, 0xC4, 0xC5, 0xC6) }

  mutating func arrayHead(_ count: Int) {
    count < 16 ? raw([0x90 | UInt8(count)]) : head(count, nil, 0xDC, 0xDD)
  }

  mutating func mapHead(_ count: Int) {
    count < 16 ? raw([0x80 | UInt8(count)]) : head(count, nil, 0xDE, 0xDF)
  }

  /// Encodes the header of an extension.
  mutating func extensionHead(_ type: UInt8, _ count: Int) {
    switch count {
    case 1, 2, 4, 8, 16: raw([0xD4 + UInt8(count.trailingZeroBitCount)])
    default: head(count, 0xC7, 0xC8, 0xC9)
    }
    raw([type])
  }

  /// Encodes a tag with a count of 1, 2 or 4 bytes; callers pass only counts that fit.
  private mutating func head(_ count: Int, _ small: UInt8?, _ middle: UInt8, _ large: UInt8) {
    if count < 0x100, let small {
      raw([small])
      bigEndian(UInt8(count))
    } else if count < 0x1_0000 {
      raw([middle])
      bigEndian(UInt16(count))
    } else {
      raw([large])
      bigEndian(UInt32(clamping: count))
    }
  }

  private mutating func bigEndian(_ number: some FixedWidthInteger & UnsignedInteger) {
    raw(
      (0..<(number.bitWidth / 8)).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
  }
}
