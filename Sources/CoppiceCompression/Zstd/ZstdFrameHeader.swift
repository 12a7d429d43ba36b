import CoppiceModel

/// The header of a zstd frame: RFC 8878, 3.1.1.1.
package struct ZstdFrameHeader: Hashable, Sendable {
  /// The number of bytes that the frame decodes to, if the header states it.
  package var contentSize: Int?
  /// The greatest distance of a reference back, which is the memory needed for decoding.
  package var windowSize: Int
  /// Whether the window is the whole content.
  package var isSingleSegment: Bool
  package var hasChecksum: Bool
  package var hasDictionary: Bool

  /// The most bytes that a header has.
  package static let longest = 18

  /// Reads a header; fails when the bytes don't begin with one, as with skippable frames.
  package init?(_ bytes: RawSpan) {
    guard bytes.byteCount >= 6,
      unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt32.self).littleEndian
        == 0xFD2F_B528
    else { return nil }
    func integer(at offset: Int, _ count: Int) -> UInt64? {
      guard offset + count <= bytes.byteCount else { return nil }
      return (0..<count).reversed().reduce(0) { value, index in
        unsafe value << 8
          | UInt64(bytes.unsafeLoadUnaligned(fromByteOffset: offset + index, as: UInt8.self))
      }
    }
    guard let descriptor = integer(at: 4, 1), descriptor & 0x08 == 0 else { return nil }
    isSingleSegment = descriptor & 0x20 != 0
    hasChecksum = descriptor & 0x04 != 0
    let dictionaryBytes = [0, 1, 2, 4][Int(descriptor & 3)]
    hasDictionary = dictionaryBytes != 0
    var offset = 5
    windowSize = 0
    if !isSingleSegment {
      guard let window = integer(at: offset, 1) else { return nil }
      let base = 1 << (10 + Int(window >> 3))
      windowSize = base + (base / 8) * Int(window & 7)
      offset += 1
    }
    offset += dictionaryBytes
    let sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][Int(descriptor >> 6)]
    guard let stated = integer(at: offset, sizeBytes) else { return nil }
    guard let size = Int(exactly: sizeBytes == 2 ? stated + 256 : stated) else { return nil }
    contentSize = sizeBytes == 0 ? nil : size
    if isSingleSegment { windowSize = size }
  }
}
