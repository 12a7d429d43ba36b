import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import CoppiceZarr
import SystemPackage
import Testing

@testable import CoppiceOrbax

/// Manifests and nodes that are changed and then given right checksums, as an attacker would.
@Suite struct DamagedDatabasesTests {
  private func directory() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    _ = try OutputDirectory.create(directory("d"))
    return directory
  }

  /// All keys and values, by descending for each.
  private func read(_ directory: TemporaryDirectory) throws -> [(String, String)] {
    let handle = try DirectoryHandle(opening: directory.path)
    let database = try OCDBTDatabase(opening: handle)
    for key in DatabaseImage.content.map(\.key) { _ = try database.value(of: Array(key.utf8)) }
    var found: [(String, String)] = []
    for key in try database.keys(under: []) {
      let value = try #require(try database.value(of: key))
      let bytes = try value.bytes(at: 0, count: min(value.byteCount, 1 << 16))
      found.append((String(decoding: key, as: UTF8.self), String(decoding: bytes, as: UTF8.self)))
    }
    return found
  }

  @Test func readsTheImage() throws {
    let directory = try directory()
    try DatabaseImage().write(into: directory)
    let found = try read(directory)
    #expect(found.map(\.0) == DatabaseImage.content.map(\.key))
    #expect(found.map(\.1) == DatabaseImage.content.map(\.value))
  }

  @Test func neverTraps() throws {
    let directory = try directory()
    let whole = DatabaseImage()
    var random = SeededGenerator(seed: 17)
    for round in 0..<1200 {
      var image = whole
      let part = round % image.bodies.count
      for _ in 0...(round % 3) {
        // Nodes below the root are located by their length, so it must stay.
        random.damage(&image.bodies[part], keepingLength: part > 0)
      }
      try image.write(into: directory)
      do {
        _ = try read(directory)
      } catch let error as CoppiceError {
        #expect(error.code.isInputFault, "\(error)")
      }
    }
  }

  @Test func seesEveryFlippedBit() throws {
    let directory = try directory()
    try DatabaseImage().write(into: directory)
    let path = directory("manifest.ocdbt")
    let file = try FileDescriptor.open(path, .readWrite)
    defer { try? file.close() }
    let count = Int(try file.seek(offset: 0, from: .end))
    for place in 0..<count {
      var byte: [UInt8] = [0]
      _ = try byte.withUnsafeMutableBytes {
        try file.read(fromAbsoluteOffset: Int64(place), into: $0)
      }
      for bit in 0..<8 {
        _ = try file.writeAll(toAbsoluteOffset: Int64(place), [byte[0] ^ (1 << bit)])
        #expect(throws: CoppiceError.self) { try read(directory) }
      }
      _ = try file.writeAll(toAbsoluteOffset: Int64(place), byte)
    }
    #expect(try read(directory).count == DatabaseImage.content.count)
  }

  @Test func givesUpOnTreesWithoutEnd() throws {
    let directory = try directory()
    let handle = try DirectoryHandle(opening: directory.path)
    try DatabaseImage.fan(height: 1).write(into: directory)
    #expect(try OCDBTDatabase(opening: handle).keys(under: []).count == 2500)
    try DatabaseImage.fan(height: 9).write(into: directory)
    var limits = ReadLimits()
    limits.documentBytes = 1 << 20
    let database = try OCDBTDatabase(opening: handle, limits: limits)
    let error = #expect(throws: CoppiceError.self) { try database.keys(under: []) }
    #expect(error?.code == .ocdbtTooLarge)
    // One of 50^10 keys is found nevertheless.
    #expect(try database.value(of: [7, 7, 7, 7, 7, 7, 7, 7, 7, 7])?.byteCount == 0)
    #expect(try database.keys(under: [1, 2, 3, 4, 5, 6, 7, 8, 9]).count == 50)
  }

  @Test func refusesATreeThatIsItsOwnChild() throws {
    let directory = try directory()
    var image = DatabaseImage()
    // The first child becomes the root itself; its height gives it away.
    let body = image.bodies[1]
    let offsets = try #require(body.firstIndex(of: 0x80))
    image.bodies[1].replaceSubrange(offsets..<(offsets + 2), with: [0x80, 0x08])
    try image.write(into: directory)
    let error = #expect(throws: CoppiceError.self) { try read(directory) }
    #expect(error?.code == .ocdbtMalformed)
  }
}
