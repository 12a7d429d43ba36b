package import CoppiceModel

/// The layout of an archive of stored members: the offset of each header and content.
///
/// libzip writes one member after the other, reading each from a source, and aligns nothing. This
/// type fixes everything but the checksums before a byte is written. So several threads can write
/// members at once, and contents begin at multiples of 64 bytes, as NumPy and PyTorch prefer. The
/// same members give the same bytes: all of them are dated 1 January 1980.
package struct StoredZip: Sendable {
  /// One member with its offsets.
  package struct Member: Sendable {
    package let name: String

    /// The size of the content in bytes.
    package let byteCount: Int

    /// The offset of the member's header.
    package let headerOffset: Int

    /// The offset of the content, right after the header.
    package let offset: Int
  }

  package let members: [Member]

  /// The offset of the directory, right after the last content.
  package let directoryOffset: Int

  /// The alignment of contents in bytes.
  static let alignment = 64

  /// Lays out members in the given order.
  ///
  /// - Throws: `zip.name` for a name that is too long or has a zero byte; `zip.limit` when the sizes
  ///   overflow.
  package init(
    _ contents: [(name: String, byteCount: Int)]
  ) throws(CoppiceError) {
    var members: [Member] = []
    var offset = 0
    for (name, byteCount) in contents {
      try Self.check(name: name)
      // Check before adding the alignment and the header, so that the sum can't overflow.
      guard offset <= Int.max - (1 << 20) else { throw Self.tooLarge }
      let start = Self.contentOffset(name, headerAt: offset)
      let (end, overflow) = start.addingReportingOverflow(byteCount)
      guard !overflow, end <= Int.max - (1 << 40) else { throw Self.tooLarge }
      members.append(
        Member(name: name, byteCount: byteCount, headerOffset: offset, offset: start))
      offset = end
    }
    self.members = members
    self.directoryOffset = offset
  }

  /// Checks that a member can have a name.
  ///
  /// - Throws: `zip.name` for a name that is too long or has a zero byte.
  package static func check(name: String) throws(CoppiceError) {
    guard name.utf8.count <= maximumNameBytes, !name.utf8.contains(0) else {
      throw CoppiceError(
        .zipName,
        "no member of an archive can have the name \"\(name.printable)\": it is too long or has a "
          + "zero byte")
    }
  }

  /// The format's limit, less the bytes that the header needs beside the name.
  private static let maximumNameBytes = 0xF000

  private static let tooLarge = CoppiceError(
    .zipLimit, "the contents together have more bytes than an archive can have")

  /// The size of the whole archive.
  package var byteCount: Int {
    directoryOffset + directory(checksums: members.map { _ in 0 }).count
  }
}
