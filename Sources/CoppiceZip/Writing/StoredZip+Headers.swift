extension StoredZip {
  /// Returns a member's header, which ends where its content begins.
  package func header(of member: Member, checksum: UInt32) -> [UInt8] {
    var bytes = LocalHeader.signature
    bytes.append(integer: Self.versionNeeded, bytes: 2)
    Self.appendCommon(member, checksum, to: &bytes)
    // Both sizes are in the extra field below, as in archives that Python's writer streams.
    bytes.append(integer: 0xFFFF_FFFF, bytes: 4)
    bytes.append(integer: 0xFFFF_FFFF, bytes: 4)
    bytes.append(integer: member.name.utf8.count, bytes: 2)
    let extra =
      member.offset - member.headerOffset - LocalHeader.fixedByteCount
      - member.name.utf8.count
    bytes.append(integer: extra, bytes: 2)
    bytes.append(contentsOf: member.name.utf8)
    bytes.append(integer: Self.zip64Field, bytes: 2)
    bytes.append(integer: 16, bytes: 2)
    bytes.append(integer: member.byteCount, bytes: 8)
    bytes.append(integer: member.byteCount, bytes: 8)
    let padding = extra - Self.zip64ByteCount - 6
    bytes.append(integer: Self.alignmentField, bytes: 2)
    bytes.append(integer: padding + 2, bytes: 2)
    bytes.append(integer: Self.alignment, bytes: 2)
    bytes.append(contentsOf: repeatElement(0, count: padding))
    return bytes
  }

  /// Returns the bytes that end the archive.
  package func directory(checksums: [UInt32]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (member, checksum) in zip(members, checksums) {
      append(member, checksum, to: &bytes)
    }
    let size = bytes.count
    if members.count >= 0xFFFF || directoryOffset >= 0xFFFF_FFFF || size >= 0xFFFF_FFFF {
      appendLargeEnd(size, to: &bytes)
    }
    bytes.append(contentsOf: [0x50, 0x4B, 5, 6, 0, 0, 0, 0])
    bytes.append(integer: min(members.count, 0xFFFF), bytes: 2)
    bytes.append(integer: min(members.count, 0xFFFF), bytes: 2)
    bytes.append(integer: min(size, 0xFFFF_FFFF), bytes: 4)
    bytes.append(integer: min(directoryOffset, 0xFFFF_FFFF), bytes: 4)
    bytes.append(integer: 0, bytes: 2)
    return bytes
  }

  private func append(_ member: Member, _ checksum: UInt32, to bytes: inout [UInt8]) {
    // The extra field holds the numbers that need more than 32 bits.
    var large: [Int] = []
    if member.byteCount >= 0xFFFF_FFFF { large += [member.byteCount, member.byteCount] }
    if member.headerOffset >= 0xFFFF_FFFF { large.append(member.headerOffset) }
    bytes.append(contentsOf: [0x50, 0x4B, 1, 2])
    // Made on Unix, so that readers use the permissions below.
    bytes.append(integer: 3 << 8 | Self.versionNeeded, bytes: 2)
    bytes.append(integer: Self.versionNeeded, bytes: 2)
    Self.appendCommon(member, checksum, to: &bytes)
    bytes.append(integer: min(member.byteCount, 0xFFFF_FFFF), bytes: 4)
    bytes.append(integer: min(member.byteCount, 0xFFFF_FFFF), bytes: 4)
    bytes.append(integer: member.name.utf8.count, bytes: 2)
    bytes.append(integer: large.isEmpty ? 0 : 4 + 8 * large.count, bytes: 2)
    // No comment, on the first disk, no internal attributes.
    bytes.append(integer: 0, bytes: 6)
    bytes.append(integer: 0o600 << 16, bytes: 4)
    bytes.append(integer: min(member.headerOffset, 0xFFFF_FFFF), bytes: 4)
    bytes.append(contentsOf: member.name.utf8)
    guard !large.isEmpty else { return }
    bytes.append(integer: Self.zip64Field, bytes: 2)
    bytes.append(integer: 8 * large.count, bytes: 2)
    for number in large { bytes.append(integer: number, bytes: 8) }
  }

  /// Appends the end record for an archive beyond 32 bits, and its locator.
  private func appendLargeEnd(_ size: Int, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: [0x50, 0x4B, 6, 6])
    bytes.append(integer: 44, bytes: 8)
    bytes.append(integer: Self.versionNeeded, bytes: 2)
    bytes.append(integer: Self.versionNeeded, bytes: 2)
    bytes.append(integer: 0, bytes: 8)
    bytes.append(integer: members.count, bytes: 8)
    bytes.append(integer: members.count, bytes: 8)
    bytes.append(integer: size, bytes: 8)
    bytes.append(integer: directoryOffset, bytes: 8)
    bytes.append(contentsOf: [0x50, 0x4B, 6, 7])
    bytes.append(integer: 0, bytes: 4)
    bytes.append(integer: directoryOffset + size, bytes: 8)
    bytes.append(integer: 1, bytes: 4)
  }

  /// Appends flags, method, date and checksum, which both headers have in the same order.
  private static func appendCommon(
    _ member: Member, _ checksum: UInt32, to bytes: inout [UInt8]
  ) {
    let isASCII = member.name.utf8.allSatisfy { $0 < 0x80 }
    bytes.append(integer: isASCII ? 0 : 0x0800, bytes: 2)
    bytes.append(integer: 0, bytes: 2)
    bytes.append(integer: 0, bytes: 2)
    bytes.append(integer: 0x0021, bytes: 2)
    bytes.append(integer: Int(checksum), bytes: 4)
  }

  /// Returns the offset of a content whose header is at an offset.
  static func contentOffset(_ name: String, headerAt offset: Int) -> Int {
    // The extra field for alignment has at least six bytes.
    let end = offset + LocalHeader.fixedByteCount + name.utf8.count + zip64ByteCount + 6
    return (end + alignment - 1) / alignment * alignment
  }

  /// Large files need version 4.5 of the format.
  private static let versionNeeded = 45

  private static let zip64Field = 1
  private static let zip64ByteCount = 20

  /// The extra field that Android's zipalign uses for alignment.
  private static let alignmentField = 0xD935
}

extension [UInt8] {
  /// Appends an integer in little-endian order.
  fileprivate mutating func append(integer: Int, bytes count: Int) {
    for index in 0..<count { append(UInt8(truncatingIfNeeded: integer >> (8 * index))) }
  }
}
