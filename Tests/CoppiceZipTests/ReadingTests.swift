import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import CoppiceZip
import SystemPackage
import Testing

private let fixtures = Specification.package.appending("Tests/Fixtures/Zip")
let content = (0..<5).flatMap { _ in (0...255).map { UInt8($0) } }

func archive(_ name: String, limits: ReadLimits = .standard) throws -> ZipArchive {
  let file = try InputFile(opening: fixtures.appending(name))
  return try ZipArchive(file, name: name, limits: limits)
}

extension ByteSource {
  /// Bytes from an offset.
  func bytes(_ range: Range<Int>) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    try read(at: range.lowerBound, into: &target)
    return bytes
  }
}

struct ReadingTests {
  @Test func findsMembersOfBothMethods() throws {
    let archive = try archive("plain.zip")
    #expect(archive.members.map(\.name) == ["a", "dir/b", "empty", "é☃", "nothing"])
    #expect(archive.members.map(\.isStored) == [true, false, true, true, false])
    #expect(try archive.members[0].allBytes(limit: 4096) == content)
    let long = (0..<9).flatMap { _ in content }
    #expect(try archive.members[1].allBytes(limit: 1 << 16) == long)
    #expect(try archive.members[2].allBytes(limit: 1) == [])
    #expect(try archive.members[4].allBytes(limit: 1) == [])
    #expect(archive.member(named: "e\u{301}☃") == nil)
    #expect(try archive.member(named: "é☃")?.allBytes(limit: 1) == [0x78])
  }

  @Test func readsFromAnyOffsetInAnyOrder() throws {
    let archive = try archive("plain.zip")
    for member in archive.members.prefix(2) {
      let bytes = member.contents()
      for range in [1000..<1280, 3..<300, 0..<1, 299..<310, 1280..<1280] {
        #expect(try bytes.bytes(range) == Array(content[range]), "\(member.name) \(range)")
      }
      #expect(code { _ = try bytes.bytes(member.byteCount..<(member.byteCount + 1)) } != nil)
    }
  }

  @Test func readsForwardAndChecksAtTheEnd() throws {
    for member in try archive("plain.zip").members.prefix(2) {
      let whole = member.contents()
      // In order; then again, out of order and in order.
      for ranges in [[0..<700, 700..<member.byteCount], [700..<member.byteCount, 0..<700]] {
        let bytes = whole.forward
        for range in ranges { #expect(try bytes.bytes(range).count == range.count) }
        #expect(try bytes.bytes(3..<300) == Array(content[3..<300]))
      }
      #expect(try member.contents().forward.bytes(3..<300) == Array(content[3..<300]))
    }
  }

  @Test func readsLargeHeadersAndComments() throws {
    let archive = try archive("large.zip")
    #expect(archive.members.map(\.name) == ["a", "b"])
    for member in archive.members { #expect(try member.allBytes(limit: 4096) == content) }
  }

  @Test func readsAnArchiveOfNothing() throws {
    #expect(try archive("none.zip").members.isEmpty)
  }

  @Test func findsTheLastOfManyEnds() throws {
    // Each looks like the archive's end; any may be chosen, as long as the search is fast.
    let fault = code { _ = try archive("ends.zip").members[0].allBytes(limit: 4096) }
    #expect(fault == nil || fault?.hasPrefix("zip.") == true)
  }

  @Test(arguments: [
    ("same-name.zip", "zip.duplicate-name"), ("encrypted.zip", "zip.unsupported"),
    ("bzip2.zip", "zip.unsupported"), ("overlap.zip", "zip.member"), ("claim.zip", "zip.member"),
    ("misplaced.zip", "zip.member"), ("outside.zip", "zip.member"),
    ("count.zip", "zip.directory"), ("truncated.zip", "zip.directory"),
  ])
  func refuses(_ name: String, _ expected: String) throws {
    #expect(code { _ = try archive(name) } == expected)
  }

  @Test func refusesWrongChecksums() throws {
    let archive = try archive("flipped.zip")
    #expect(code { _ = try archive.members[0].allBytes(limit: 4096) } == "zip.checksum")
    #expect(code { try archive.members[0].check() } == "zip.checksum")
    #expect(try archive.members[1].allBytes(limit: 4096) == content)
  }

  @Test func refusesMoreThanTheLimits() throws {
    var limits = ReadLimits()
    limits.leaves = 2
    #expect(code { _ = try archive("plain.zip", limits: limits) } == "zip.limit")
    #expect(code { _ = try archive("plain.zip").members[0].allBytes(limit: 9) } == "zip.limit")
  }

  @Test(arguments: 0..<64)
  func survivesAnyByteBeingOther(_ part: Int) throws {
    let bytes = try readFile(fixtures.appending("plain.zip"))
    for place in stride(from: part, to: bytes.count, by: 64) {
      for flip in [0x01, 0x80, 0xFF] as [UInt8] {
        var damaged = bytes
        damaged[place] ^= flip
        do throws(CoppiceError) {
          let archive = try ZipArchive(MemoryBytes(damaged), name: "m.zip")
          for member in archive.members { _ = try member.allBytes(limit: 1 << 16) }
        } catch {
          #expect(
            ["zip", "compression"].contains { error.code.rawValue.hasPrefix($0) }, "\(error)")
        }
      }
    }
  }

  @Test func survivesEveryTruncation() throws {
    let bytes = try readFile(fixtures.appending("plain.zip"))
    for count in 0..<bytes.count {
      let fault = code { _ = try ZipArchive(MemoryBytes(Array(bytes[..<count])), name: "m.zip") }
      #expect(fault?.hasPrefix("zip.") == true, "\(count)")
    }
  }
}
