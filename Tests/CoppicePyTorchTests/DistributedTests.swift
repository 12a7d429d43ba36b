import CoppiceFiles
import CoppiceModel
import CoppicePyTorch
import CoppiceTestSupport
import SystemPackage
import Testing

/// Checkpoints of `torch.distributed.checkpoint`: what is taken for one, what is refused, and what can be read of damaged
/// ones.
struct DistributedTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private static let whole = Specification.package.appending("Tests/Fixtures/PyTorch/protocol-2.pt")

  /// The directory of a case.
  private static func checkpoint(_ name: String) -> FilePath {
    Specification.package.appending("fixtures/foreign/\(name)/input/m")
  }

  private static func open(_ path: FilePath) throws -> CheckpointContents? {
    try DistributedFormat.open(DirectoryHandle(opening: path))
  }

  private func refusal(_ name: String, beside path: FilePath? = nil) -> CoppiceError? {
    do throws(CoppiceError) {
      let path = path ?? directory.path
      let contents = try DistributedFormat.open(InputFile(opening: path.appending(name))) {
        () throws(CoppiceError) in try DirectoryHandle(opening: path)
      }
      #expect(contents == nil)
      return nil
    } catch {
      return error
    }
  }

  /// A file that holds one tensor is a whole zip archive, and one may be safetensors.
  @Test func aFileOfDataIsKnownByItsName() throws {
    try writeFile(directory("__0_0.distcp"), try readFile(Self.whole))
    try writeFile(directory("__1_0.distcp"), [2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8))
    for name in ["__0_0.distcp", "__1_0.distcp"] {
      let error = refusal(name)
      #expect(error?.code.rawValue == "pytorch.distributed")
      #expect(error?.message.hasSuffix("name its directory: \(directory.path.string)") == true)
    }
  }

  @Test func severalArchivesAreAFileOfDataWhereMetadataLieBeside() throws {
    let bytes = try readFile(Self.whole)
    try writeFile(directory("shard.bin"), bytes + bytes)
    try writeFile(directory("m.pt"), bytes)
    #expect(refusal("shard.bin") == nil)
    let file = try InputFile(opening: directory("shard.bin"))
    #expect(try PyTorchFormat.recognizes(file))
    #expect(code { _ = try PyTorchFormat.open(file) } == "zip.concatenated")
    try writeFile(directory(".metadata"), [0x80, 4, 0x4E, 0x2E])
    #expect(refusal("shard.bin")?.code.rawValue == "pytorch.distributed")
    // A file that doesn't belong to the checkpoint.
    #expect(refusal("m.pt") == nil)
  }

  @Test func aDirectoryIsKnownByItsMetadataOrItsData() throws {
    #expect(try Self.open(directory.path) == nil)
    try writeFile(directory(".metadata"), Array("text".utf8))
    #expect(try Self.open(directory.path) == nil)
    try writeFile(directory("__0_0.distcp"), [])
    #expect(code { _ = try Self.open(directory.path) } == "pytorch.metadata")
    try writeFile(directory(".metadata"), [0x80, 4, 0x4E, 0x2E])
    #expect(code { _ = try Self.open(directory.path) } == "pytorch.metadata")
  }

  @Test func allEntriesOfACheckpointAreKnown() throws {
    for name in ["dcp/ranks", "dcp/megatron"] {
      let handle = try DirectoryHandle(opening: Self.checkpoint(name))
      #expect(DistributedFormat.recognizes(handle))
      #expect(try DistributedFormat.stranger(in: handle, limits: .standard) == nil)
    }
    let bytes = try readFile(Self.checkpoint("dcp/strides").appending(".metadata"))
    try writeFile(directory(".metadata"), bytes)
    try writeFile(directory("notes"), [])
    let handle = try DirectoryHandle(opening: directory.path)
    #expect(try DistributedFormat.stranger(in: handle, limits: .standard) == "notes")
  }

  /// Ranks that saved by themselves have descriptions of their own, each of which can be named.
  @Test func aDescriptionOfOneRankCanBeNamed() throws {
    let path = Self.checkpoint("dcp/rank-metadata")
    #expect(code { _ = try Self.open(path) } == "pytorch.distributed")
    let contents = try DistributedFormat.open(
      InputFile(opening: path.appending("__1.metadata"))
    ) { () throws(CoppiceError) in try DirectoryHandle(opening: path) }
    let found = try tree(#require(contents))
    #expect(found.leaves.map { $0.path.description } == ["w1"])
  }

  /// Where a file is missing, what lies in others can be read.
  @Test func whatIsThereCanBeRead() throws {
    let contents = try #require(try Self.open(Self.checkpoint("damaged/dcp-missing-file")))
    let leaf = try #require(try tree(contents).leaves.first).leaf
    #expect(leaf.fault?.kind == .damaged)
    #expect(leaf.fault?.error.location.file == "__1_0.distcp")
    let boxes = [0, 2].compactMap { ArrayBox(offset: [$0, 0], shape: [2, 3]) }
    #expect(try leaf.boxSource.source(of: boxes[0]).load().byteCount == 24)
    #expect(code { _ = try leaf.boxSource.source(of: boxes[1]).load() } == "file.missing")
  }

  @Test func thePlacesOfBoxesAreKnown() throws {
    let contents = try #require(try Self.open(Self.checkpoint("dcp/mesh")))
    let leaf = try #require(try tree(contents).leaves.first { $0.path.description == "both" }).leaf
    let places = try leaf.places(at: TreePath())
    #expect(places.compactMap(\.box?.offset) == [[0, 0], [0, 4], [3, 0], [3, 4]])
    #expect(places.map(\.file) == (0..<4).map { "__\($0)_0.distcp" })
  }

  /// A description cut off at any byte, or with a changed one, is refused or read, and nothing else.
  @Test(.timeLimit(.minutes(1))) func damagedDescriptionsAreErrors() throws {
    let path = Self.checkpoint("dcp/strides")
    let bytes = try readFile(path.appending(".metadata"))
    try writeFile(directory("__0_0.distcp"), try readFile(path.appending("__0_0.distcp")))
    for count in stride(from: 2, to: bytes.count - 1, by: 7) {
      try writeFile(directory(".metadata"), Array(bytes[..<count]))
      #expect(code { _ = try Self.open(directory.path) } == "pytorch.pickle", "\(count) bytes")
    }
    for place in stride(from: 2, to: bytes.count, by: 3) {
      for change: UInt8 in [1, 0x80, 0x5A] {
        var changed = bytes
        changed[place] ^= change
        try writeFile(directory(".metadata"), changed)
        guard let contents = try? Self.open(directory.path), let found = try? tree(contents) else {
          continue
        }
        for leaf in found.leaves { _ = try? leaf.leaf.source.load() }
      }
    }
  }

  /// Damaged instructions and a call are refused, and nothing is executed.
  @Test(arguments: [
    ("(" as Pickle, "pytorch.pickle"),
    ("cposix\nsystem\n(U\u{2}lstR", "pytorch.global"), ("N", "pytorch.metadata"),
    ("h\u{5}", "pytorch.pickle"),
  ])
  func hostileDescriptionsAreErrors(_ pickle: Pickle, _ expected: String) throws {
    try writeFile(directory("__0_0.distcp"), [])
    try writeFile(directory(".metadata"), [0x80, 2] + pickle.bytes + [0x2E])
    #expect(code { _ = try Self.open(directory.path) } == expected)
  }

  /// The stack of an honest description has a few thousand values.
  @Test func aStackThatGrowsIsAnError() throws {
    try writeFile(directory("__0_0.distcp"), [])
    let nothing = [UInt8](repeating: 0x4E, count: (1 << 20) + 8)
    try writeFile(directory(".metadata"), [0x80, 2] + nothing + [0x2E])
    #expect(code { _ = try Self.open(directory.path) } == "pytorch.limit")
  }
}
