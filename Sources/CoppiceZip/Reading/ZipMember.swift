import CCoppiceZip
import CoppiceCompression
import CoppiceFiles
import CoppiceModel

/// One member of an archive: its name, its size, and the range of its bytes in the file.
package struct ZipMember: Sendable {
  package let name: String

  /// The size of its content in bytes.
  package let byteCount: Int

  /// Whether the content is stored uncompressed, rather than deflated.
  package let isStored: Bool

  /// The checksum that the archive states for the content.
  let crc32: UInt32

  /// Whether the archive states a checksum: torch can leave it out, and then writes 0.
  package var hasChecksum: Bool { crc32 != 0 || byteCount == 0 }

  /// The range in the file, including the header.
  let range: Range<Int>

  /// Whether a record of size and checksum follows.
  let hasDescriptor: Bool

  /// The bytes in the file, before any decoding.
  let coded: any ByteSource

  /// The most bytes that deflate can make from one.
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

  /// Checks a member's entry in the directory.
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
