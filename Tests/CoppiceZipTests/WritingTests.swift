import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import CoppiceZip
import SystemPackage
import Testing

/// The bytes of an archive of members given whole.
func zip(_ members: [(String, [UInt8])], checksum: ([UInt8]) -> UInt32) throws -> [UInt8] {
  let layout = try StoredZip(members.map { ($0.0, $0.1.count) })
  var bytes = [UInt8](repeating: 0, count: layout.byteCount)
  func put(_ part: [UInt8], _ offset: Int) {
    bytes.replaceSubrange(offset..<(offset + part.count), with: part)
  }
  for (place, member) in zip(layout.members, members) {
    put(layout.header(of: place, checksum: checksum(member.1)), place.headerOffset)
    put(member.1, place.offset)
  }
  put(layout.directory(checksums: members.map { checksum($0.1) }), layout.directoryOffset)
  return bytes
}

/// The checksum by its definition, a bit at a time.
func crc32(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~0) { state, byte in
    (0..<8).reduce(state ^ UInt32(byte)) { state, _ in
      state & 1 == 1 ? state >> 1 ^ 0xEDB8_8320 : state >> 1
    }
  }
}

struct WritingTests {
  static let members: [(String, [UInt8])] = [
    ("a.npy", Array("hello".utf8)), ("dir/é☃", Array(repeating: 7, count: 1000)), ("empty", []),
  ]

  @Test func writesWhatItReads() throws {
    let archive = try ZipArchive(
      MemoryBytes(try zip(Self.members, checksum: crc32)), name: "m.zip")
    #expect(archive.members.map(\.name) == Self.members.map(\.0))
    for (member, expected) in zip(archive.members, Self.members) {
      #expect(try member.allBytes(limit: 4096) == expected.1)
    }
  }

  @Test func contentsBeginAtMultiplesOf64() throws {
    for length in 1...200 {
      let name = String(repeating: "n", count: length)
      let layout = try StoredZip([(name, 1), (name + "2", 3)])
      for member in layout.members {
        #expect(member.offset % 64 == 0)
        #expect(
          layout.header(of: member, checksum: 0).count == member.offset - member.headerOffset)
      }
    }
  }

  @Test(.enabled(if: ShellCommand.has("python3")))
  func pythonReadsIt() throws {
    let directory = try TemporaryDirectory()
    try writeFile(directory("m.zip"), try zip(Self.members, checksum: crc32))
    let script = """
      import sys, zipfile
      z = zipfile.ZipFile(sys.argv[1])
      assert z.testzip() is None
      print([(i.filename, len(z.read(i)), i.date_time[0]) for i in z.infolist()])
      """
    let (status, output) = ShellCommand.run(
      "python3", "-c", script, directory("m.zip").string)
    #expect(status == 0)
    #expect(
      output == "[('a.npy', 5, 1980), ('dir/é☃', 1000, 1980), ('empty', 0, 1980)]\n")
  }

  /// Archives beyond four gigabytes, of which only headers and directory are written.
  @Test(.enabled(if: ShellCommand.has("python3")))
  func pythonReadsLargeOnes() throws {
    let directory = try TemporaryDirectory()
    let layout = try StoredZip([
      ("big", 5 << 30), ("small", 3), ("exact", 0xFFFF_FFFF), ("last", 1),
    ])
    let file = try OutputFile(at: directory("m.zip"))
    for member in layout.members {
      try file.write(layout.header(of: member, checksum: 0), at: member.headerOffset)
    }
    try file.write(layout.directory(checksums: [0, 0, 0, 0]), at: layout.directoryOffset)
    let script = """
      import sys, zipfile
      z = zipfile.ZipFile(sys.argv[1])
      print([(i.filename, i.file_size) for i in z.infolist()])
      z.open("last"); z.open("exact"); z.open("small")
      """
    let (status, output) = ShellCommand.run(
      "python3", "-c", script, directory("m.zip").string)
    #expect(status == 0)
    #expect(
      output == "[('big', 5368709120), ('small', 3), ('exact', 4294967295), ('last', 1)]\n")
    let archive = try ZipArchive(InputFile(opening: directory("m.zip")), name: "m.zip")
    #expect(archive.members.map(\.byteCount) == [5 << 30, 3, 0xFFFF_FFFF, 1])
  }

  @Test func manyMembersHaveALargeEnd() throws {
    let members = (0..<70_000).map { (String($0), [UInt8]()) }
    let archive = try ZipArchive(MemoryBytes(try zip(members, checksum: crc32)), name: "m.zip")
    #expect(archive.members.count == 70_000)
    #expect(archive.members.last?.name == "69999")
  }

  @Test func refusesNamesAndSizesThatNoArchiveHas() throws {
    let long = String(repeating: "x", count: 0xF001)
    #expect(code { _ = try StoredZip([(long, 1)]) } == "zip.name")
    #expect(code { _ = try StoredZip([("a\u{0}b", 1)]) } == "zip.name")
    #expect(code { _ = try StoredZip([("a", .max - 100), ("b", 200)]) } == "zip.limit")
  }
}
