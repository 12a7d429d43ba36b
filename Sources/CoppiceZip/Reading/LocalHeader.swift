import CoppiceFiles
import CoppiceModel

/// The header before each member's content.
struct LocalHeader {
  static let signature: [UInt8] = [0x50, 0x4B, 3, 4]

  /// The bytes before the name.
  static let fixedByteCount = 30

  /// The member's name in this header.
  let name: [UInt8]

  /// The name in UTF-8, if an extra field has one.
  private(set) var unicodeName: [UInt8]?

  /// The size of the header; the content begins after it.
  let byteCount: Int

  /// Whether a record after the content has its size and checksum.
  let hasDescriptor: Bool

  /// Reads the header at an offset.
  ///
  /// - Throws: `zip.member` when there is none; `io.*`.
  init(at start: Int, in file: any ByteSource, _ label: String) throws(CoppiceError) {
    guard start <= file.byteCount - Self.fixedByteCount else {
      throw CoppiceError(.zipMember, "\(label) is not in the file", at: .init(offset: start))
    }
    let fixed = try file.bytes(at: start, count: Self.fixedByteCount)
    guard fixed.starts(with: Self.signature) else {
      throw CoppiceError(
        .zipMember, "\(label) has no header where the directory says; the archive is damaged",
        at: .init(offset: start))
    }
    let nameCount = fixed.integer(at: 26, bytes: 2)
    let extraCount = fixed.integer(at: 28, bytes: 2)
    byteCount = Self.fixedByteCount + nameCount + extraCount
    hasDescriptor = fixed.integer(at: 6, bytes: 2) & 8 != 0
    guard byteCount <= file.byteCount - start else {
      throw CoppiceError(
        .zipMember, "\(label) reaches past the end of the file; copy it again",
        at: .init(offset: start))
    }
    let rest = try file.bytes(at: start + Self.fixedByteCount, count: nameCount + extraCount)
    name = Array(rest[..<nameCount])
    unicodeName = Self.unicodeName(in: Array(rest[nameCount...]))
  }

  /// The extra field in which older programs keep names that their character set can't represent.
  private static let unicodeNameField = 0x7075

  private static func unicodeName(in extra: [UInt8]) -> [UInt8]? {
    var place = 0
    while place + 4 <= extra.count {
      let (field, size) = (
        extra.integer(at: place, bytes: 2), extra.integer(at: place + 2, bytes: 2)
      )
      let content = place + 4
      guard content + size <= extra.count else { return nil }
      // A version and a checksum of the other name come first.
      if field == unicodeNameField, size > 5 {
        return Array(extra[(content + 5)..<(content + size)])
      }
      place = content + size
    }
    return nil
  }
}

extension ByteSource {
  /// Reads bytes that the source has.
  func bytes(at offset: Int, count: Int) throws(CoppiceError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    try read(at: offset, into: &target)
    return bytes
  }
}

extension [UInt8] {
  /// Returns a little-endian integer, which is negative if eight bytes are too large for `Int`.
  func integer(at offset: Int, bytes count: Int) -> Int {
    var value = 0
    for index in 0..<count { value |= Int(self[offset + index]) << (8 * index) }
    return value
  }
}
