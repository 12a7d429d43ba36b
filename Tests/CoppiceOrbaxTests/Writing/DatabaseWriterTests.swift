import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

@testable import CoppiceOrbax

/// Databases that are written hold what was put in, however high their tree is.
///
/// That TensorStore reads them, `make test-interop` shows.
struct DatabaseWriterTests {
  private static let keys = (0..<500).map { Array("param\($0)/c/0".utf8) }

  private static func value(_ index: Int) -> [UInt8] {
    // Inside the tree up to 1024 bytes, outside of it above.
    Array(repeating: UInt8(truncatingIfNeeded: index), count: index * 7)
  }

  private func write(
    _ path: FilePath, nodeBytes: Int, maximumFileBytes: Int? = nil
  ) throws {
    try OutputDirectory.create(path)
    var options = OrbaxWriteOptions()
    options.durability = .buffered
    options.maximumFileBytes = maximumFileBytes
    let writer = try DatabaseWriter(in: path, options: options)
    for (index, key) in Self.keys.enumerated() {
      let value = Self.value(index)
      try writer.put(key, unsafe value.span.bytes)
    }
    try DatabaseWriter.writeTree(
      of: [try writer.close()], in: path, options: options, nodeBytes: nodeBytes,
      time: Timestamp(nanoseconds: 1))
  }

  private func check(_ path: FilePath) throws {
    let database = try OCDBTDatabase(
      opening: try DirectoryHandle(opening: path), limits: .standard)
    #expect(
      try database.keys(under: [])
        == Self.keys.sorted { $0.lexicographicallyPrecedes($1) })
    for (index, key) in Self.keys.enumerated() {
      let source = try #require(try database.value(of: key))
      var bytes = [UInt8](repeating: 0, count: source.byteCount)
      var span = bytes.mutableSpan
      var target = unsafe span.mutableBytes
      try source.read(at: 0, into: &target)
      #expect(bytes == Self.value(index))
    }
  }

  @Test(arguments: [1 << 22, 4096, 200, 1]) func treesOfAnyHeight(_ nodeBytes: Int) throws {
    let directory = try TemporaryDirectory()
    try write(directory("db"), nodeBytes: nodeBytes)
    try check(directory("db"))
  }

  @Test func splitsDataFiles() throws {
    let directory = try TemporaryDirectory()
    try write(directory("db"), nodeBytes: 1 << 22, maximumFileBytes: 100_000)
    try check(directory("db"))
    let files = try DirectoryHandle(opening: directory("db").appending("d")).entries()
    // 351 values above 1024 bytes, 792,708 bytes together; and the file of nodes.
    #expect(files.count >= 9)
  }

  @Test func equalValuesGiveEqualFiles() throws {
    let directory = try TemporaryDirectory()
    for name in ["a", "b"] { try write(directory(name), nodeBytes: 4096) }
    let (a, b) = try (
      DirectoryHandle(opening: directory("a")), DirectoryHandle(opening: directory("b"))
    )
    #expect(try a.allFiles() == b.allFiles())
    for file in try a.allFiles() {
      #expect(try a.allBytes(of: file, limit: 1 << 24) == b.allBytes(of: file, limit: 1 << 24))
    }
  }
}
