import CoppiceFiles
import CoppiceModel

/// The end of an archive, with the range of its directory; it must be the end of the file.
///
/// libzip finds the end too, but has no function that returns it. libzip also accepts a directory
/// that names no members, or only some of them, as that of a small archive.
struct ZipEnd {
  /// The range of the directory, which must name every member before it.
  let directory: Range<Int>

  /// The size of the fixed fields of the record, and the most bytes of the comment after it.
  private static let recordBytes = 22
  private static let mostCommentBytes = 0xFFFF

  /// The size of the record for archives beyond 32 bits, and of its locator.
  private static let largeRecordBytes = 56
  private static let locatorBytes = 20

  /// Finds the end.
  ///
  /// - Throws: `zip.directory` when there is none, or the directory is elsewhere than it says;
  ///   `zip.concatenated` when another archive comes before this one; `io.*`.
  init(of file: any ByteSource) throws(CoppiceError) {
    let count = min(file.byteCount, Self.recordBytes + Self.mostCommentBytes)
    let tail = try file.bytes(at: file.byteCount - count, count: count)
    let place = stride(from: count - Self.recordBytes, through: 0, by: -1).first { place in
      tail[place...].starts(with: [0x50, 0x4B, 5, 6])
        && tail.integer(at: place + 20, bytes: 2) == count - place - Self.recordBytes
    }
    guard let place else {
      throw CoppiceError(
        .zipDirectory,
        "the file has no readable zip directory at its end; it is cut off or damaged, so copy it again"
      )
    }
    var size = tail.integer(at: place + 12, bytes: 4)
    var offset = tail.integer(at: place + 16, bytes: 4)
    var end = file.byteCount - count + place
    if end >= Self.locatorBytes + Self.largeRecordBytes {
      let start = end - Self.locatorBytes - Self.largeRecordBytes
      let large = try file.bytes(at: start, count: end - start)
      if large[Self.largeRecordBytes...].starts(with: [0x50, 0x4B, 6, 7]) {
        guard large.starts(with: [0x50, 0x4B, 6, 6]) else {
          throw Self.damaged("the record before the end of the archive is in the wrong place")
        }
        size = large.integer(at: 40, bytes: 8)
        offset = large.integer(at: 48, bytes: 8)
        end = start
      }
    }
    guard size >= 0, size <= end else {
      throw Self.damaged("the zip directory is said to have \(size) bytes")
    }
    guard offset == end - size else {
      // An offset beyond Int64 reads as a negative number, from which nothing is subtracted.
      let before = offset >= 0 ? end - size - offset : 0
      if before > 0, try Self.isBorder(before, in: file) {
        throw CoppiceError(
          .zipConcatenated,
          "this file is several zip archives one after the other, and nothing says which of them to read; "
            + "take them apart", at: .init(offset: before))
      }
      throw Self.damaged("the zip directory is at byte \(end - size), not \(offset)")
    }
    directory = offset..<end
  }

  /// Returns whether one archive ends and another begins at an offset.
  private static func isBorder(
    _ place: Int, in file: any ByteSource
  ) throws(CoppiceError) -> Bool {
    guard place >= recordBytes, place <= file.byteCount - 4 else { return false }
    let around = try file.bytes(at: place - recordBytes, count: recordBytes + 4)
    return around.starts(with: [0x50, 0x4B, 5, 6])
      && around[recordBytes...].starts(with: LocalHeader.signature)
  }

  private static func damaged(_ message: String) -> CoppiceError {
    CoppiceError(.zipDirectory, message + "; the archive is damaged, so copy it again")
  }
}

extension ZipEnd {
  /// The most bytes of padding between members for their alignment, all of them zero.
  private static let mostPadding = 1 << 16

  /// The most bytes of the record after a member that was written before its size was known.
  private static let descriptorBytes = 24

  /// Checks that everything before the directory belongs to a member that it names.
  ///
  /// - Throws: `zip.directory` when bytes belong to no member; `zip.member` when members share
  ///   bytes, which would let a small file decode to an endless one.
  func check(_ members: [ZipMember], in file: any ByteSource) throws(CoppiceError) {
    var end = 0
    var slack = 0
    for member in members.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      guard member.range.lowerBound >= end else {
        throw CoppiceError(
          .zipMember,
          "the member \"\(member.name.printable)\" shares bytes with another; the archive is damaged",
          at: .init(offset: member.range.lowerBound))
      }
      try checkGap(end, member.range.lowerBound, slack: slack, in: file)
      end = member.range.upperBound
      slack = member.hasDescriptor ? Self.descriptorBytes : 0
    }
    guard end <= directory.lowerBound else {
      throw Self.damaged("the last member reaches into the zip directory")
    }
    try checkGap(end, directory.lowerBound, slack: slack, in: file)
  }

  private func checkGap(
    _ start: Int, _ end: Int, slack: Int, in file: any ByteSource
  ) throws(CoppiceError) {
    let rest = start + slack
    guard rest < end else { return }
    let count = end - rest
    if count <= Self.mostPadding,
      try file.bytes(at: rest, count: count).allSatisfy({ $0 == 0 })
    {
      return
    }
    throw CoppiceError(
      .zipDirectory,
      "\(count) bytes belong to no member that the zip directory names; it is damaged, so copy the file "
        + "again", at: .init(offset: rest))
  }
}
