import CoppiceFiles
import CoppiceModel
import CoppicePyTorch
import CoppiceTestSupport
import SystemPackage
import Testing

/// Checksums of files that torch saved are checked where there are any.
struct ChecksumTests {
  private static let file = Specification.package.appending("Tests/Fixtures/PyTorch/protocol-2.pt")

  /// The file with something done to its bytes.
  private func changed(
    _ directory: TemporaryDirectory, _ change: (inout [UInt8]) throws -> Void
  ) throws -> FilePath {
    var bytes = try readFile(Self.file)
    try change(&bytes)
    try writeFile(directory("m.pt"), bytes)
    return directory("m.pt")
  }

  /// Where the content of a member begins.
  private static func place(of name: String, in bytes: [UInt8]) throws -> Int {
    let header = try #require(
      bytes.indices.first { place in
        bytes[place...].starts(with: [0x50, 0x4B, 3, 4])
          && bytes[(place + 30)...].starts(with: name.utf8)
      })
    return header + 30 + Int(bytes[header + 26]) + Int(bytes[header + 28])
      + Int(bytes[header + 29]) << 8
  }

  /// The name of a member, after the folder that it is in.
  private static func folder(_ bytes: [UInt8]) throws -> String {
    let count = Int(bytes[26])
    let name = String(decoding: bytes[30..<(30 + count)], as: UTF8.self)
    return String(try #require(name.split(separator: "/").first)) + "/"
  }

  @Test func aFlippedBitOfAStorageIsAnErrorWhenItIsRead() throws {
    let directory = try TemporaryDirectory()
    let path = try changed(directory) { bytes in
      let place = try Self.place(of: Self.folder(bytes) + "data/0", in: bytes)
      bytes[place + 5] ^= 1
    }
    // Listing needs no data.
    let found = try tree(open(path))
    let faults = found.leaves.compactMap { leaf in
      code { _ = try leaf.leaf.source.load() }
    }
    #expect(!faults.isEmpty)
    #expect(faults.count < found.leafCount)
    #expect(Set(faults) == ["zip.checksum"])
  }

  @Test func aFlippedBitOfThePickleIsAnErrorAtOnce() throws {
    let directory = try TemporaryDirectory()
    let path = try changed(directory) { bytes in
      // Changes a byte of the pickle that is part of no instruction: a character of a key.
      let place = try Self.place(of: Self.folder(bytes) + "data.pkl", in: bytes)
      let key = try #require(
        bytes.indices.first { $0 > place && bytes[$0...].starts(with: "transposed".utf8) })
      bytes[key] = UInt8(ascii: "T")
    }
    #expect(code { _ = try open(path) } == "zip.checksum")
  }

  @Test func withoutChecksumsThereIsAWarning() throws {
    let directory = try TemporaryDirectory()
    let path = try changed(directory) { bytes in
      for place in bytes.indices.dropLast(46) {
        let isLocal = bytes[place...].starts(with: [0x50, 0x4B, 3, 4])
        guard isLocal || bytes[place...].starts(with: [0x50, 0x4B, 1, 2]) else { continue }
        for index in 0..<4 { bytes[place + (isLocal ? 14 : 16) + index] = 0 }
      }
    }
    let contents = try open(path)
    #expect(contents.warnings.map(\.code.rawValue) == ["zip.no-checksum"])
    #expect(contents.warnings.first?.location.file == "m.pt")
    let (found, expected) = (try tree(contents), try tree(open(Self.file)))
    #expect(
      try found.leaves.map { try $0.leaf.source.hex }
        == expected.leaves.map {
          try $0.leaf.source.hex
        })
    #expect(try open(Self.file).warnings.isEmpty)
  }
}
