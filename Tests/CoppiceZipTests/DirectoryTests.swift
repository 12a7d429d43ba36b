import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import CoppiceZip
import SystemPackage
import Testing

/// The directory of an archive and its members must agree.
struct DirectoryTests {
  private static let members: [(String, [UInt8])] = [
    ("a.npy", Array("hello".utf8)), ("b", []), ("c.npy", [UInt8](repeating: 7, count: 1000)),
  ]

  /// The archive, with the place of its directory.
  private static func sample() throws -> (bytes: [UInt8], directory: Int, end: Int) {
    let bytes = try zip(members, checksum: crc32)
    return (
      bytes, try #require(find([0x50, 0x4B, 1, 2], in: bytes)),
      try #require(find([0x50, 0x4B, 5, 6], in: bytes))
    )
  }

  private static func find(_ pattern: [UInt8], in bytes: [UInt8], after start: Int = 0) -> Int? {
    bytes.indices.dropFirst(start).first { bytes[$0...].starts(with: pattern) }
  }

  private static func fault(_ bytes: [UInt8]) -> CoppiceError? {
    do throws(CoppiceError) {
      _ = try ZipArchive(MemoryBytes(bytes), name: "m.zip")
      return nil
    } catch {
      return error
    }
  }

  @Test func aSampleIsRead() throws { #expect(Self.fault(try Self.sample().bytes) == nil) }

  @Test func anEmptiedDirectoryIsNoSmallArchive() throws {
    var (bytes, _, end) = try Self.sample()
    // Counts, size.
    for place in 8..<16 { bytes[end + place] = 0 }
    #expect(Self.fault(bytes)?.code.rawValue == "zip.directory")
    // Also the offset of an empty archive, with which no byte would belong to a member.
    for place in 16..<20 { bytes[end + place] = 0 }
    #expect(Self.fault(bytes)?.code.rawValue == "zip.directory")
    let place = (0..<4).map { UInt8(truncatingIfNeeded: end >> (8 * $0)) }
    bytes.replaceSubrange((end + 16)..<(end + 20), with: place)
    let error = Self.fault(bytes)
    #expect(error?.code.rawValue == "zip.directory")
    #expect(error?.message.contains("\(end) bytes belong to no member") == true)
  }

  @Test func aCountOfNoMembersIsRefused() throws {
    var (bytes, _, end) = try Self.sample()
    for place in 8..<12 { bytes[end + place] = 0 }
    #expect(Self.fault(bytes)?.code.rawValue == "zip.directory")
  }

  @Test func aMemberThatTheDirectoryForgetsIsMissed() throws {
    let (bytes, directory, end) = try Self.sample()
    let second = try #require(
      Self.find([0x50, 0x4B, 1, 2], in: bytes, after: directory + 4))
    let size = end - second
    var cut = Array(bytes[..<directory] + bytes[second...])
    let newEnd = end - (second - directory)
    cut[newEnd + 8] = 2
    cut[newEnd + 10] = 2
    cut[newEnd + 12] = UInt8(size)
    let error = Self.fault(cut)
    #expect(error?.code.rawValue == "zip.directory")
    #expect(error?.message.contains("belong to no member") == true)
  }

  @Test func namesInDirectoryAndHeaderAreTheSame() throws {
    var (bytes, directory, _) = try Self.sample()
    bytes[directory + 46] = UInt8(ascii: "x")
    let error = Self.fault(bytes)
    #expect(error?.code.rawValue == "zip.member")
    #expect(error?.message.contains(#""x.npy" is called "a.npy" in its own header"#) == true)
  }

  @Test func bytesBetweenMembersAreRefusedUnlessTheyAreZero() throws {
    // The directory moves on by a gap of 100 bytes.
    for byte in [0, 1] as [UInt8] {
      let (bytes, directory, end) = try Self.sample()
      var moved = bytes[..<directory] + [UInt8](repeating: 0, count: 100) + bytes[directory...]
      moved[directory + 50] = byte
      let place = (0..<4).map { UInt8(truncatingIfNeeded: (directory + 100) >> (8 * $0)) }
      moved.replaceSubrange((end + 116)..<(end + 120), with: place)
      #expect(Self.fault(Array(moved))?.code.rawValue == (byte == 0 ? nil : "zip.directory"))
    }
  }

  @Test func bytesBehindTheEndAreRefused() throws {
    #expect(Self.fault(try Self.sample().bytes + [0])?.code.rawValue == "zip.directory")
  }

  @Test func severalArchivesInOneFileAreRefusedByName() throws {
    let (bytes, _, _) = try Self.sample()
    let other = try zip([("other", [1, 2, 3])], checksum: crc32)
    for first in [bytes, other] {
      let error = Self.fault(first + bytes)
      #expect(error?.code.rawValue == "zip.concatenated")
      #expect(error?.location.offset == first.count)
      #expect(error?.message.contains("several zip archives one after the other") == true)
    }
  }

  @Test func bytesBeforeTheArchiveAreRefused() throws {
    #expect(Self.fault([1, 2, 3] + (try Self.sample().bytes))?.code.rawValue == "zip.directory")
  }

  /// Archives that Python, torch and Info-ZIP write have records behind members, larger ends, other
  /// names.
  @Test(arguments: ["streamed.zip", "padded.zip", "unicode-field.zip", "appended.zip"])
  func realArchivesAreRead(_ name: String) throws {
    let archive = try archive(name)
    #expect(archive.members.count == 2)
    for member in archive.members { #expect(try member.allBytes(limit: 4096) == content) }
  }

  @Test func aChecksumIsCheckedBeforeAPartIsRead() throws {
    let archive = try archive("flipped.zip")
    #expect(code { _ = try archive.members[0].contents().bytes(0..<10) } == "zip.checksum")
    #expect(try archive.members[0].uncheckedContents().bytes(0..<10) == Array(content[..<10]))
    #expect(try archive.members[1].contents().bytes(5..<10) == Array(content[5..<10]))
  }

  @Test func missingChecksumsAreTold() throws {
    let without = try ZipArchive(
      MemoryBytes(zip(Self.members) { _ in 0 }), name: "m.zip")
    #expect(without.members.map(\.hasChecksum) == [false, true, false])
    #expect(without.checksumWarning?.code.rawValue == "zip.no-checksum")
    #expect(without.checksumWarning?.message.hasPrefix("2 of 3 members") == true)
    let with = try ZipArchive(MemoryBytes(Self.sample().bytes), name: "m.zip")
    #expect(with.checksumWarning == nil)
  }
}
