import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

@testable import CoppiceZarr

/// Hierarchies in directories that change after the library wrote them; the cases are those of `fixtures/foreign`.
struct HierarchyTests {
  static let root = Specification.package.appending("fixtures/foreign")

  /// A copy of a case's store.
  private static func copy(_ name: String) throws -> (TemporaryDirectory, DirectoryHandle) {
    let directory = try TemporaryDirectory()
    let from = root.appending(name + "/input/g.zarr")
    #expect(ShellCommand.run("cp", "-r", from.string, directory("g.zarr").string).status == 0)
    return (directory, try DirectoryHandle(opening: directory("g.zarr")))
  }

  private static func array(
    _ name: String, in directory: DirectoryHandle
  ) throws -> any ArraySource {
    let contents = try ZarrFormat.open(directory)
    guard case .unnamed(.tree(let tree)) = contents.root,
      case .leaf(let leaf) = try tree.node(at: name)
    else { throw CoppiceError(.zarrMissingMetadata, "there is no \(name)") }
    return try leaf.source
  }

  /// The chunk's content was lost, which a chunk that was never written isn't.
  @Test func aLinkToNothingIsNoChunkThatIsLeftOut() throws {
    let (directory, handle) = try Self.copy("zarr/v2-strangers")
    let chunk = directory("g.zarr/a/0").string
    #expect(ShellCommand.run("rm", chunk).status == 0)
    #expect(try Self.array("a", in: handle).load().byteCount == 16)
    #expect(ShellCommand.run("ln", "-s", "nothing", chunk).status == 0)
    let error = #expect(throws: CoppiceError.self) { try Self.array("a", in: handle).load() }
    #expect(error?.code == .fileMissing)
  }

  /// Two such links would lead to more paths than can be counted.
  @Test(.timeLimit(.minutes(1)))
  func linksToGroupsAroundAreLeftOut() throws {
    let (directory, handle) = try Self.copy("zarr/v2-strangers")
    let before = try ZarrFormat.open(handle)
    for name in ["p", "q"] {
      #expect(ShellCommand.run("ln", "-s", ".", directory("g.zarr/" + name).string).status == 0)
    }
    let contents = try ZarrFormat.open(handle)
    guard case .unnamed(.tree(let found)) = contents.root,
      case .unnamed(.tree(let tree)) = before.root
    else { throw CoppiceError(.zarrMissingMetadata, "there is no tree") }
    #expect(found.leaves.map(\.path) == tree.leaves.map(\.path))
    #expect(
      contents.warnings.map(\.message).contains(
        "2 links lead back to a group around and are left out: p, q"))
    // Where all files are listed, as for the chunks of a huge array, such a link is a fault.
    let error = #expect(throws: CoppiceError.self) { try handle.allFiles() }
    #expect(error?.code == .fileKind)
  }

  /// Of a store with fewer chunks than its shape has, the missing ones are fill values, up to a limit.
  @Test(arguments: [(1 << 30, true), (1 << 40, false)])
  func chunksThatWereNeverWritten(_ extent: Int, _ isRead: Bool) throws {
    let directory = try TemporaryDirectory()
    try directory.file(
      "g.zarr/.zarray",
      Array(
        #"{"zarr_format":2,"shape":[\#(extent)],"chunks":[1048576],"dtype":"<f4","compressor":null,"fill_value":0,"order":"C","filters":null}"#
          .utf8))
    let contents = try ZarrFormat.open(DirectoryHandle(opening: directory("g.zarr")))
    guard case .unnamed(.tree(.leaf(let leaf))) = contents.root else {
      throw CoppiceError(.zarrMissingMetadata, "there is no array")
    }
    #expect(leaf.fault?.kind == (isRead ? nil : .unsupported))
    #expect(try leaf.metadata.shape.dimensions == [extent])
  }

  @Test func aLinkOutOfTheStoreIsRefused() throws {
    let (directory, handle) = try Self.copy("zarr/v2-strangers")
    let chunk = directory("g.zarr/a/0").string
    #expect(ShellCommand.run("mv", chunk, directory("outside").string).status == 0)
    #expect(ShellCommand.run("ln", "-s", "../../outside", chunk).status == 0)
    let error = #expect(throws: CoppiceError.self) { try Self.array("a", in: handle).load() }
    #expect(error?.code == .fileSymlink)
  }

  @Test(arguments: [
    "zarr/v2-layout", "zarr/v3-layout", "zarr/v3-types", "zarr/v2-consolidated", "zarr/python2",
  ])
  func allOfAStoreIsKnown(_ name: String) throws {
    let (directory, handle) = try Self.copy(name)
    #expect(try ZarrFormat.stranger(in: handle, limits: .standard) == nil)
    #expect(ShellCommand.run("touch", directory("g.zarr/notes.txt").string).status == 0)
    #expect(try ZarrFormat.stranger(in: handle, limits: .standard) == "notes.txt")
  }

  @Test func aFileBesidesChunksIsAStranger() throws {
    let (directory, handle) = try Self.copy("zarr/v3-consolidated")
    #expect(try ZarrFormat.stranger(in: handle, limits: .standard) == nil)
    #expect(ShellCommand.run("touch", directory("g.zarr/sub/b/c/model.bin").string).status == 0)
    #expect(try ZarrFormat.stranger(in: handle, limits: .standard) == "sub/b/c/model.bin")
  }

  /// Frames of blosc with any bytes changed: read, or refused as damaged, and nothing else.
  @Test func neverTrapsOnFramesOfBlosc() throws {
    var random = SeededGenerator(seed: 29)
    let names = [
      "blosc-blosclz-1", "blosc-lz4-2", "blosc-zstd-0", "blosc-blocks", "blosc-threads", "lz4",
      "shuffle",
    ]
    for name in names {
      let store = DirectoryStore(
        try DirectoryHandle(opening: Self.root.appending("zarr/v2-codecs/input/g.zarr/" + name)))
      let key = Array((name == "blosc-threads" ? "0" : "0.0").utf8)
      let chunk = try #require(try store.value(of: key))
      let whole = try chunk.bytes(at: 0, count: chunk.byteCount)
      var memory = try MemoryStore(copying: store, under: [])
      for round in 0..<150 {
        var damaged = whole
        // The header and the table of blocks are where numbers are.
        if round % 2 == 0 {
          var head = Array(damaged.prefix(40))
          random.damage(&head, keepingLength: true)
          damaged.replaceSubrange(..<min(40, damaged.count), with: head)
        } else {
          random.damage(&damaged)
        }
        memory.values[key] = damaged
        do {
          let array = try ZarrArray(
            opening: "", in: memory, missingChunks: .areFill, isVersion3: false)
          _ = try array.load()
        } catch {
          #expect(error.code.isInputFault, "\(error)")
        }
      }
    }
  }
}
