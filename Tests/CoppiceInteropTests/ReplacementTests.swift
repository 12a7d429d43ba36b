import Coppice
import CoppiceFiles
import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Nothing is destroyed that Coppice could not have written.
struct ReplacementTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    try directory.checkpoint("source", CheckpointContents(try tree(1)))
  }

  private func tree(_ value: Float) throws -> Tree<NDArray> {
    .dict([.init("w", .leaf(try NDArray(floats: [value])))])
  }

  private func replace(
    _ target: String, from source: String = "source", with format: any FormatWriter = .coppice
  ) throws(CoppiceError) {
    let input = try CheckpointOpener.open(directory(source), options: OpenOptions(formats: .all))
    try convert(input, to: directory(target)) {
      $0.format = OutputFormat(format)
      $0.writing.isReplacing = true
    }
  }

  private func link(_ name: String, to target: String) throws {
    #expect(symlink(target, directory(name).string) == 0)
  }

  private let refused = "operation.not-replaceable"

  @Test func directoriesOfOtherFilesStay() throws {
    try directory.file("other/notes.txt", "mine".utf8)
    #expect(code { try replace("other") } == refused)
    #expect(try InputFile(opening: directory("other/notes.txt")).byteCount == 4)
    try directory.file("empty/sub/x")
    try OutputDirectory.remove(directory("empty/sub"))
    #expect(code { try replace("empty") } == refused)
  }

  @Test(arguments: ["notes.txt", "state/notes.txt", "state/deep/x"])
  func checkpointsWithAStrangersFileStay(_ name: String) throws {
    try directory.checkpoint("old", CheckpointContents(try tree(2)))
    try directory.file("old/" + name)
    let error = failure { try replace("old") }
    #expect(error?.code.rawValue == refused)
    let shown = name.split(separator: "/").prefix(2).joined(separator: "/")
    #expect(error?.message.contains("\"\(shown)\"") ?? false, "\(String(describing: error))")
    #expect(try directory.names == ["old", "source"])
  }

  @Test func runsStay() throws {
    try OutputDirectory.create(directory("run"))
    var step = CheckpointContents([("state", try tree(2))])
    step.step = 5
    try directory.checkpoint("run/5", step)
    #expect(code { try replace("run") } == refused)
    #expect(try DirectoryHandle(opening: directory("run/5")).hasFile("coppice.json"))
  }

  @Test func filesOfOtherFormatsStay() throws {
    try directory.file("text.safetensors", "not a tensor".utf8)
    #expect(code { try replace("text.safetensors", with: .safetensors) } == refused)
    try replace("tensors", with: .safetensors)
    #expect(code { try replace("tensors") } == refused)
    try replace("tensors", with: .safetensors)
    #expect(try directory.names == ["source", "tensors", "text.safetensors"])
  }

  @Test func orbaxCheckpointsAreReplacedUnlessAStrangersFileIsInThem() throws {
    try replace("orbax", with: OrbaxFormatWriter(.version1))
    try replace("orbax", with: OrbaxFormatWriter(.version1))
    try replace("orbax")
    try replace("orbax", with: OrbaxFormatWriter(.version0Direct))
    try directory.file("orbax/d/notes.txt")
    #expect(code { try replace("orbax", with: OrbaxFormatWriter(.version1)) } == refused)
  }

  @Test func setsAreReplacedUnlessTheIndexNamesLess() throws {
    let two = Tree.dict([.init("a", try tree(1)), .init("b", try tree(2))])
    try directory.checkpoint("two", CheckpointContents(two))
    let input = try CheckpointOpener.open(directory("two"), options: OpenOptions(formats: .all))
    try convert(input, to: directory("set")) {
      $0.format = OutputFormat(.safetensors)
      $0.maximumFileBytes = 1
    }
    try #require(try DirectoryHandle(opening: directory("set")).entries().count > 1)
    try replace("set")
    try OutputDirectory.remove(directory("set"))
    try convert(input, to: directory("set")) {
      $0.format = OutputFormat(.safetensors)
      $0.maximumFileBytes = 1
    }
    try directory.file("set/config.json", "{}".utf8)
    #expect(code { try replace("set") } == refused)
  }

  @Test func theSourceStaysUnderAnyName() throws {
    #expect(code { try replace("source") } == "usage.target")
    try link("link", to: "source")
    #expect(code { try replace("link") } == "usage.target")
    #expect(code { try replace("source", from: "link") } == "usage.target")
    try replace("a.safetensors", with: .safetensors)
    let (a, b) = (directory("a.safetensors").string, directory("b.safetensors").string)
    #expect(linkat(AT_FDCWD, a, AT_FDCWD, b, 0) == 0)
    #expect(
      code { try replace("b.safetensors", from: "a.safetensors", with: .safetensors) }
        == "usage.target")
    try link("c.safetensors", to: "a.safetensors")
    #expect(code { try replace("c.safetensors", with: .safetensors) } == refused)
    #expect(
      code { try replace("c.safetensors", from: "a.safetensors", with: .safetensors) }
        == "usage.target")
    #expect(try opened(directory("source")).tree()?.leaves.first?.leaf.floats == [1])
  }

  @Test func whatTheSourceLiesInStays() throws {
    try OutputDirectory.create(directory("around"))
    try directory.checkpoint("around/inner", CheckpointContents(try tree(2)))
    #expect(code { try replace("around", from: "around/inner") } == "usage.target")
  }

  @Test func nothingIsWrittenIntoACheckpoint() throws {
    try directory.checkpoint("other", CheckpointContents(try tree(2)))
    try link("link", to: "other")
    for target in [
      "source/sub", "source/state/sub", "other/sub", "other/state/arrays.h5", "link/sub",
    ] {
      #expect(code { try replace(target) } == "usage.target", "\(target)")
    }
    #expect(try DirectoryHandle(opening: directory("source")).entries().count == 2)
  }

  @Test func plansSayWhatIsReplaced() throws {
    try directory.checkpoint("old", CheckpointContents(try tree(2)))
    let input = try CheckpointOpener.open(directory("source"), options: OpenOptions(formats: .all))
    var options = ConversionOptions()
    #expect(
      code { _ = try Conversion.plan(input, to: directory("old"), options: options) }
        == "operation.exists")
    options.writing.isReplacing = true
    let report = try Conversion.plan(input, to: directory("old"), options: options)
    #expect(report.replaced?.format == "coppice")
    #expect(report.replaced?.isDirectory == true)
    #expect(try opened(directory("old")).tree()?.leaves.first?.leaf.floats == [2])
  }
}
