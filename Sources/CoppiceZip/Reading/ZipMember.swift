import CCoppiceZip
import CoppiceCompression
import CoppiceFiles
import CoppiceModel

/// One member of an archive: its name, its size, and where its bytes lie in the file.
package struct ZipMember: Sendable {
  package let name: String

  /// The number of bytes of its content.
  package let byteCount: Int

  /// Tells whether the content stands in the file as it is, rather than deflated.
  package let isStored: Bool

  /// The checksum that the archive states for the content.
  let crc32: UInt32

  /// Whether the archive states a checksum: torch can leave them out, and writes 0 then.
  package var hasChecksum: Bool { crc32 != 0 || byteCount == 0 }

  /// The bytes in the file, header included.
  let range: Range<Int>

  /// Whether a record of size and checksum follows.
  let hasDescriptor: Bool

  /// The bytes as they stand in the file.
  let coded: any ByteSource

  /// Deflate can't make more of a byte.
  private static let largestExpansion = 1032

  init(
    _ index: Int, of directory: borrowing ZipDirectory, in file: any ByteSource
  ) throws(CoppiceError) {
    let entry = try directory.entry(index)
    name = entry.name
    byteCount = entry.byteCount
    isStored = entry.method == Int32(ZIP_CM_STORE)
    crc32 = entry.crc32
    let label = "the member \"\(entry.name.printable)\""
    try Self.check(entry, label)
    let start = try directory.headerOffset(index)
    let header = try LocalHeader(at: start, in: file, label)
    guard [header.name, header.unicodeName].contains(entry.rawName) else {
      throw CoppiceError(
        .zipMember,
        "\(label) is called \"\(String(printing: header.name))\" in its own header; the archive is "
          + "damaged, so copy it again", at: .init(offset: start))
    }
    guard
      let bytes = ByteSlice(of: file, at: start + header.byteCount, count: entry.codedByteCount)
    else {
      throw CoppiceError(
        .zipMember, "\(label) reaches past the end of the file; copy it again",
        at: .init(offset: start))
    }
    range = start..<(start + header.byteCount + entry.codedByteCount)
    hasDescriptor = header.hasDescriptor
    coded = bytes
  }

  /// Checks what the directory says of a member.
  private static func check(
    _ entry: ZipDirectory.Entry, _ label: String
  ) throws(CoppiceError) {
    let isStored = entry.method == Int32(ZIP_CM_STORE)
    guard !entry.isEncrypted, isStored || entry.method == Int32(ZIP_CM_DEFLATE) else {
      throw CoppiceError(
        .zipUnsupported,
        entry.isEncrypted
          ? "\(label) is encrypted; decrypt the archive first"
          : "\(label) is compressed with method \(entry.method); only stored and deflated ones are read"
      )
    }
    let most = entry.codedByteCount.multipliedReportingOverflow(by: largestExpansion)
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
  }
}
