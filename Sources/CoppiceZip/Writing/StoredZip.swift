package import CoppiceModel

/// The layout of an archive of stored members whose sizes are known: where each header and each content
/// goes.
///
/// libzip writes one member after the other, from sources that it asks for bytes, and aligns nothing.
/// Here everything but the checksums is settled before a byte is written, so that several threads write
/// members at once, each in its place, and contents begin at multiples of 64 bytes, as NumPy and PyTorch
/// like them. The same members give the same bytes: all of them are dated 1 January 1980.
package struct StoredZip: Sendable {
  /// One member and its place.
  package struct Member: Sendable {
    package let name: String

    /// The number of bytes of the content.
    package let byteCount: Int

    /// Where the member's header goes.
    package let headerOffset: Int

    /// Where the content goes, right after the header.
    package let offset: Int
  }

  package let members: [Member]

  /// Where the directory goes, right after the last content.
  package let directoryOffset: Int

  /// Contents begin at multiples of this.
  static let alignment = 64

  /// Settles the places of members, in the order given.
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
      // The alignment comes before the sum, so that it can't overflow.
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

  /// What the format allows, without what the header takes beside it.
  private static let maximumNameBytes = 0xF000

  private static let tooLarge = CoppiceError(
    .zipLimit, "the contents together have more bytes than an archive can have")

  /// The size of the whole archive.
  package var byteCount: Int {
    directoryOffset + directory(checksums: members.map { _ in 0 }).count
  }
}
