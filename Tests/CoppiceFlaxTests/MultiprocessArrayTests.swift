import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

@testable import CoppiceFlax

/// Arrays that several processes saved, in a directory beside the file.
struct MultiprocessArrayTests {
  /// {"a": "//GDAPlaceholder:w"}
  private static let document: [UInt8] =
    [0x81, 0xA1, 0x61, 0xB2] + Array("//GDAPlaceholder:w".utf8)

  private func open(_ path: FilePath) throws -> CheckpointContents {
    try FlaxMsgpack.open(try InputFile(opening: path), limits: .standard) {
      (directory, name) throws(CoppiceError) in
      _ = try directory.open(name + "/.zarray")
      return try NDArray(dtype: .uint8, shape: [1], bytes: [7])
    }
  }

  private func sample() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try OutputFile.create(
      directory("a.msgpack"), holding: Self.document, durability: .buffered)
    return directory
  }

  /// The directory is looked for beside the file, and not where the process is.
  @Test func opensTheDirectoryBesideTheFile() throws {
    let directory = try sample()
    try OutputDirectory.create(directory("a.msgpack_gda"))
    try OutputDirectory.create(directory("a.msgpack_gda/w"))
    try OutputFile.create(
      directory("a.msgpack_gda/w/.zarray"), holding: [], durability: .buffered)
    guard case .unnamed(.tree(let tree)) = try open(directory("a.msgpack")).root else {
      Issue.record("no tree")
      return
    }
    #expect(tree.leafCount == 1)
  }

  @Test func blamesTheCheckpointWhoseDirectoryIsMissing() throws {
    let directory = try sample()
    let error = #expect(throws: CoppiceError.self) { try open(directory("a.msgpack")) }
    #expect(error?.code == .fileMissing)
    #expect(error?.location.treePath == "a")
  }
}
