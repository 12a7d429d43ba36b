import Coppice
import CoppiceFiles
import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Formats are recognised by content; otherwise the error says what the path is, or what it lacks.
struct RecognitionTests {
  static let fixtures = Specification.package.appending("fixtures/foreign")

  private func message(_ path: FilePath) -> String {
    failure { _ = try CheckpointOpener.open(path, options: OpenOptions(formats: .all)) }?
      .description ?? "opened"
  }

  @Test func opensItsOwn() throws {
    let directory = try TemporaryDirectory()
    try directory.checkpoint("c", CheckpointContents([("state", .dict([]))]))
    #expect(try opened(directory("c")).format == "coppice")
    // The file's name doesn't matter.
    try directory.checkpoint("model.safetensors", CheckpointContents([("state", .dict([]))]))
    #expect(try opened(directory("model.safetensors")).format == "coppice")
  }

  @Test(arguments: [
    ("orbax-0.12/v0-composite/input/ckpt", "orbax"),
    ("orbax-0.12/v0-direct-array/input/ckpt", "orbax"),
    ("hdf5/types/input/m.h5", "hdf5"), ("keras/legacy/input/m.h5", "keras-legacy-h5"),
    ("keras/weights/input/m.weights.h5", "keras-weights-h5"), ("keras/zip/input/m.keras", "keras"),
    ("safetensors/numpy/input", "safetensors"), ("safetensors/sharded/input/hf", "safetensors"),
    ("gguf/types/input/m.gguf", "gguf"), ("gguf/split/input", "gguf"),
  ])
  func opensFixtures(_ name: String, _ format: String) throws {
    let path = Self.fixtures.pushing(FilePath(name))
    #expect(try opened(path).format.hasPrefix(format))
  }

  @Test func opensRuns() throws {
    let path = Self.fixtures.pushing("orbax-0.12/v1-training/input/run")
    guard
      case .steps(let steps) = try CheckpointOpener.open(path, options: OpenOptions(formats: .all))
    else {
      Issue.record("no steps")
      return
    }
    #expect(!steps.steps.isEmpty)
  }

  /// A file that begins like HDF5, or is named like it, is a damaged one and not of no format.
  @Test func takesDamagedHDF5ForHDF5() throws {
    let directory = try TemporaryDirectory()
    let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    #expect(message(try directory.file("x", signature)).hasSuffix("[hdf5.invalid]"))
    #expect(message(try directory.file("x.h5", [1, 2, 3])).hasSuffix("[hdf5.invalid]"))
  }

  @Test func namesTheFormatsThatItDoesntRead() throws {
    let directory = try TemporaryDirectory()
    let start: [UInt8] = [0x50, 0x4B, 3, 4]
    for name in ["x.npz", "x.pt"] {
      let path = try directory.file(name + "file", start + [UInt8](repeating: 0, count: 100))
      let text = message(path)
      #expect(text.contains("zip archive"), "\(text)")
      #expect(text.contains("coppice, zarr, orbax, "))
      #expect(text.hasSuffix("[format.unrecognized]"))
    }
  }

  @Test func saysWhatIsNotRecognised() throws {
    let directory = try TemporaryDirectory()
    #expect(message(try directory.file("empty")).hasSuffix("[format.unrecognized]"))
    #expect(message(try directory.file("text", Array("hello".utf8))).contains("no file of a known"))
    try OutputDirectory.create(directory("nothing"))
    #expect(message(directory("nothing")).contains("the directory is empty"))
    for name in ["a", "b", "c", "d", "e", "f"] { try directory.file("things/" + name) }
    let text = message(directory("things"))
    #expect(text.contains("it holds \"a\", \"b\", \"c\", \"d\", …"), "\(text)")
    try directory.file("one/weights.bin")
    #expect(
      message(directory("one")).contains("name the file to read: \"weights.bin\" ["),
      "\(message(directory("one")))")
    try directory.file("odd/\u{1B}[31m")
    #expect(!message(directory("odd")).contains("\u{1B}"))
  }

  /// A directory of checkpoints, or a file inside of one: the next step is said.
  @Test func leadsToTheCheckpointNearby() throws {
    let directory = try TemporaryDirectory()
    try OutputDirectory.create(directory("runs"))
    try OutputDirectory.create(directory("runs/a"))
    let tree: Tree<NDArray> = .dict([.init("w", .leaf(try NDArray(floats: [1])))])
    try directory.checkpoint("runs/best", CheckpointContents([("state", tree)]))
    let text = message(directory("runs"))
    #expect(text.contains("\"best\" in it is one"), "\(text)")
    for name in ["coppice.json", "state/tree.json"] {
      let text = message(directory("runs/best").pushing(FilePath(name)))
      #expect(text.contains("name its directory, \"\(directory("runs/best").string)\""), "\(text)")
      #expect(text.hasSuffix("[format.unrecognized]"))
    }
  }

  @Test func aMissingPathIsNoFormat() throws {
    let directory = try TemporaryDirectory()
    let error = try #require(
      failure {
        _ = try CheckpointOpener.open(directory("nope"), options: OpenOptions(formats: .all))
      })
    #expect(error.code.rawValue == "io.not-found")
    #expect(!error.message.contains("directory:"), "\(error.message)")
    try directory.file("file")
    #expect(
      code {
        _ = try CheckpointOpener.open(
          directory("file").appending("x"), options: OpenOptions(formats: .all))
      } == "io.not-found")
  }

  @Test(.timeLimit(.minutes(5))) func aPipeIsNoCheckpoint() throws {
    let directory = try TemporaryDirectory()
    ShellCommand.run("mkfifo", directory("pipe").string)
    #expect(
      code { _ = try CheckpointOpener.open(directory("pipe"), options: OpenOptions(formats: .all)) }
        == "file.kind")
    #expect(
      code { _ = try CheckpointOpener.open("/dev/null", options: OpenOptions(formats: .all)) }
        == "file.kind")
  }

  /// An unfinished save under its temporary name isn't found as a step.
  @Test func temporariesAreNoSteps() throws {
    let directory = try TemporaryDirectory()
    try OutputDirectory.create(directory("run"))
    let contents = CheckpointContents([("state", .dict([]))])
    try directory.checkpoint("run/1", contents)
    try directory.checkpoint("run/.2.coppice-tmp-3f", contents)
    try directory.file("run/notes.txt")
    guard
      case .steps(let steps) = try CheckpointOpener.open(
        directory("run"), options: OpenOptions(formats: .all))
    else {
      Issue.record("no steps")
      return
    }
    #expect(steps.steps.map(\.number) == [1])
  }
}
