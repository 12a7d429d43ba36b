import CZip
import Compression
import CoppiceModel
import FileAccess

/// One member of an archive: its name, its size, and where its bytes lie in the file.
package struct ZipMember: Sendable {
  package let name: String

  /// The number of bytes of its content.
  package let byteCount: Int

  /// Tells whether the content stands in the file as it is, rather than deflated.
  package let isStored: Bool

  /// The checksum that the archive states for the content.
  let crc32: UInt32

  /// The bytes in the file, header included; empty for a member without content.
  let range: Range<Int>

  /// The bytes as they stand in the file.
  let coded: any ByteSource

  /// Deflate can't make more of a byte.
  private static let largestExpansion = 1032

  init(
    _ index: Int, _ entry: ZipDirectory.Entry, of directory: borrowing ZipDirectory,
    in file: any ByteSource
  ) throws(CoppiceError) {
    name = entry.name
    byteCount = entry.byteCount
    isStored = entry.method == Int32(ZIP_CM_STORE)
    crc32 = entry.crc32
    let label = "the member \"\(entry.name.printable)\""
    guard !entry.isEncrypted, isStored || entry.method == Int32(ZIP_CM_DEFLATE) else {
      throw CoppiceError(
        .zipUnsupported,
        entry.isEncrypted
          ? "\(label) is encrypted; decrypt the archive first"
          : "\(label) is compressed with method \(entry.method); only stored and deflated ones are read"
      )
    }
    let most = entry.codedByteCount.multipliedReportingOverflow(by: Self.largestExpansion)
    guard
      isStored
        ? entry.byteCount == entry.codedByteCount
        : most.overflow || entry.byteCount <= most.partialValue
    else {
      throw CoppiceError(
        .zipMember,
        "\(label) claims \(entry.byteCount) bytes, which \(entry.codedByteCount) in the file can't be; "
          + "the archive is damaged")
    }
    guard entry.codedByteCount > 0 else {
      range = 0..<0
      coded = MemoryBytes([])
      return
    }
    let start = try directory.headerOffset(index)
    let header = try Self.headerByteCount(at: start, in: file, label)
    guard let bytes = ByteSlice(of: file, at: start + header, count: entry.codedByteCount) else {
      throw CoppiceError(
        .zipMember, "\(label) reaches past the end of the file; copy it again",
        at: .init(offset: start))
    }
    range = start..<(start + header + entry.codedByteCount)
    coded = bytes
  }

  /// The bytes of a member's own header: libzip knows them, and keeps them to itself.
  private static func headerByteCount(
    at start: Int, in file: any ByteSource, _ label: String
  ) throws(CoppiceError) -> Int {
    var header = [UInt8](repeating: 0, count: LocalHeader.fixedByteCount)
    guard let fixed = ByteSlice(of: file, at: start, count: header.count) else {
      throw CoppiceError(.zipMember, "\(label) is not in the file", at: .init(offset: start))
    }
    var span = header.mutableSpan
    var target = unsafe span.mutableBytes
    try fixed.read(at: 0, into: &target)
    guard header.starts(with: LocalHeader.signature) else {
      throw CoppiceError(
        .zipMember, "\(label) has no header where the directory says; the archive is damaged",
        at: .init(offset: start))
    }
    return header.count + Int(header[26]) + Int(header[27]) << 8 + Int(header[28])
      + Int(header[29]) << 8
  }
}

/// The layout of the header that stands before each member.
enum LocalHeader {
  static let signature: [UInt8] = [0x50, 0x4B, 3, 4]

  /// The bytes before the name.
  static let fixedByteCount = 30
}
