import CoppiceFiles
import CoppiceModel
import CoppicePyTorch
import CoppiceTestSupport
import CoppiceZip
import SystemPackage
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sets of files with an index, as Hugging Face's libraries write them.
struct SetTests {
  /// A directory with two files, of which the first has `a` and `b` and the second `c`, and an index.
  private func set(
    _ map: String = #""a": "m-1.bin", "b": "m-1.bin", "c": "m-2.bin""#, name: String = "m.bin"
  ) throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    let first = Pickle.text("a") + Pickle.tensor() + Pickle.text("b") + "K\u{7}"
    try write("}(" + first + "u.", to: directory("m-1.bin"))
    try write("}(" + Pickle.text("c") + Pickle.tensor() + "u.", to: directory("m-2.bin"))
    try writeFile(
      directory(name + ".index.json"),
      Array(#"{"metadata": {"total_size": 32, "by": "me"}, "weight_map": {\#(map)}}"#.utf8))
    return directory
  }

  private func contents(_ directory: TemporaryDirectory) throws -> CheckpointContents {
    try #require(try PyTorchFormat.open(DirectoryHandle(opening: directory.path)))
  }

  /// The warnings, but not those that the archives of the tests have no checksums.
  private func changes(_ contents: CheckpointContents) -> [CoppiceError] {
    contents.warnings.filter { $0.code != .zipNoChecksum }
  }

  private func faults(_ contents: CheckpointContents) throws -> [String: String] {
    var faults: [String: String] = [:]
    for (path, leaf) in try tree(contents).leaves {
      guard let fault = leaf.fault else { continue }
      #expect(fault.kind == .damaged)
      faults[path.description] = fault.error.code.rawValue
    }
    return faults
  }

  @Test func aSetIsOneTree() throws {
    let directory = try set()
    let contents = try contents(directory)
    #expect(contents.format == "pytorch")
    #expect(changes(contents).isEmpty)
    #expect(contents.custom == .object([.init("by", .string("me"))]))
    let tree = try tree(contents)
    guard case .dict(let entries) = tree else {
      Issue.record("no dictionary")
      return
    }
    #expect(entries.map(\.key) == ["a", "b", "c"])
    #expect(try tree.leaves.map { try $0.leaf.source.hex } == [ones, ones])
  }

  private let ones = String(repeating: "01", count: 16)

  @Test(arguments: ["m.bin", "m.pt", "m.pth"])
  func anIndexNamesItsSet(_ name: String) throws {
    let directory = try set(name: name)
    let file = try InputFile(opening: directory(name + ".index.json"))
    let contents = try #require(try PyTorchFormat.open(index: file))
    #expect(try tree(contents).leaves.count == 2)
    #expect(try PyTorchFormat.open(index: InputFile(opening: directory("m-1.bin"))) == nil)
  }

  @Test func aModelInOneFileIsOpenedByItsDirectory() throws {
    let directory = try TemporaryDirectory()
    #expect(try PyTorchFormat.open(DirectoryHandle(opening: directory.path)) == nil)
    try write("}(" + Pickle.text("a") + Pickle.tensor() + "u.", to: directory("pytorch_model.bin"))
    try writeFile(directory("training_args.bin"), [])
    #expect(try tree(contents(directory)).leaves.count == 1)
  }

  /// No file outside of the directory is opened, and no fault hides another tensor.
  @Test(arguments: [
    ("/etc/passwd", "file.outside"), ("../m-1.bin", "file.outside"), ("m-3.bin", "file.missing"),
    ("", "file.kind"), ("m-2.bin", "pytorch.missing-tensor"), ("text.bin", "pytorch.format"),
    ("list.bin", "pytorch.value"), ("link.bin", "file.symlink"),
  ])
  func tensorsOfOtherFilesAreDamaged(_ file: String, _ code: String) throws {
    let directory = try set(#""a": "m-1.bin", "x": "\#(file)", "c": "m-2.bin""#)
    try writeFile(directory("text.bin"), Array("version https://git-lfs.github.com/spec/v1".utf8))
    try write("].", to: directory("list.bin"))
    let outside = try TemporaryDirectory()
    try write("}(" + Pickle.text("x") + Pickle.tensor() + "u.", to: outside("x.bin"))
    #expect(unsafe symlink(outside("x.bin").string, directory("link.bin").string) == 0)
    let contents = try contents(directory)
    #expect(try faults(contents) == ["x": code])
    #expect(try tree(contents).leaves.count == 3)
  }

  @Test func tensorsThatTheIndexDoesNotNameAreReadToo() throws {
    let directory = try set(#""a": "m-1.bin", "c": "m-2.bin""#)
    try write(Pickle("}."), to: directory("m-3.bin"))
    let contents = try contents(directory)
    guard case .dict(let entries) = try tree(contents) else {
      Issue.record("no dictionary")
      return
    }
    #expect(entries.map(\.key) == ["a", "c", "b"])
    let warnings = changes(contents)
    #expect(warnings.map(\.code) == [.pytorchUnmappedTensor, .pytorchUnlistedFile])
    #expect(warnings.map(\.location.file) == ["m-1.bin", "m-3.bin"])
  }

  @Test func warningsNameTheirFile() throws {
    let directory = try set(#""x": "m-3.bin""#)
    try write("}(" + Pickle.text("x") + "cm\nPoint\n)Ru.", to: directory("m-3.bin"))
    let warnings = try contents(directory).warnings.filter { $0.code == .pytorchChangedValue }
    #expect(warnings.map(\.location.file) == ["m-3.bin/m/data.pkl"])
  }

  @Test(arguments: [
    (#"{"weight_map": []}"#, "pytorch.index"), ("{", "pytorch.index"), ("{}", "pytorch.index"),
    (#"{"weight_map": {"a": 1}}"#, "pytorch.index"),
    (#"{"weight_map": {"a": "x", "a": "y"}}"#, "pytorch.index"),
  ])
  func malformedIndexesAreRefused(_ text: String, _ expected: String) throws {
    let directory = try set()
    try writeFile(directory("m.bin.index.json"), Array(text.utf8))
    #expect(code { _ = try contents(directory) } == expected)
  }

  @Test func oneOfSeveralIndexesMustBeTheUsualOne() throws {
    let directory = try set()
    try writeFile(directory("n.bin.index.json"), Array("{}".utf8))
    #expect(code { _ = try contents(directory) } == "pytorch.several-indexes")
    try writeFile(directory("pytorch_model.bin.index.json"), Array(#"{"weight_map": {}}"#.utf8))
    #expect(try tree(contents(directory)).leaves.isEmpty)
  }
}
