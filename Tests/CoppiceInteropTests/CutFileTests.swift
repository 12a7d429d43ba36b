import Coppice
import CoppiceFiles
import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Files that end too early, and what lies in the place of files that were never downloaded.
struct CutFileTests {
  private func open(
    _ path: FilePath, salvaging: Bool
  ) throws(CoppiceError) -> [ArrayLeaf] {
    var options = OpenOptions(formats: .all)
    options.salvages = salvaging
    guard case .checkpoint(let contents) = try CheckpointOpener.open(path, options: options),
      case .unnamed(.tree(let tree)) = contents.root
    else { throw CoppiceError(.formatUnrecognized, "no tree") }
    return tree.leaves.map(\.leaf)
  }

  /// Tensors lie one after another, so that those before the end of the file are whole.
  @Test(arguments: [
    ("safetensors/numpy/input/m.safetensors", 1), ("gguf/types/input/m.gguf", 100),
  ])
  func tensorsBeforeTheEndAreSalvaged(_ name: String, _ lost: Int) throws {
    let path = Specification.package.appending("fixtures/foreign").pushing(FilePath(name))
    let bytes = try InputFile(opening: path).allBytes(limit: 1 << 20)
    let whole = try open(path, salvaging: false)
    let scratch = try TemporaryDirectory()
    let cut = scratch(path.lastComponent?.string ?? "")
    try OutputFile.create(cut, holding: Array(bytes.dropLast(lost)), durability: .buffered)
    let error = #expect(throws: CoppiceError.self) { try open(cut, salvaging: false) }
    #expect(error?.code.rawValue.hasSuffix(".truncated-data") == true)
    let leaves = try open(cut, salvaging: true)
    #expect(leaves.count == whole.count)
    #expect((1..<leaves.count).contains(leaves.count { $0.fault != nil }))
    for (leaf, known) in zip(leaves, whole) {
      guard let fault = leaf.fault else {
        #expect(try leaf.source.load() == known.source.load())
        continue
      }
      #expect(fault.kind == .damaged)
      #expect(fault.error.code.rawValue.hasSuffix(".truncated-data"))
    }
  }

  @Test(arguments: [
    ("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n", "a pointer of Git LFS"),
    ("<!DOCTYPE html>\n<html><body>404</body></html>", "a page of HTML"),
    ("<html>", "a page of HTML"), ("", "the file is empty"),
  ])
  func substitutesAreNamed(_ text: String, _ what: String) throws {
    let scratch = try TemporaryDirectory()
    for name in ["m.pt", "m.safetensors", "m.h5", "m.npz", "m"] {
      try scratch.file(name, text.utf8)
      let error = #expect(throws: CoppiceError.self) { try open(scratch(name), salvaging: true) }
      #expect(error?.code.isInputFault == true)
      #expect(error?.message.contains(what) == true)
    }
    let shard = "model-00001-of-00001.safetensors"
    for index in [text, #"{"weight_map":{"w":"\#(shard)"}}"#] {
      let set = try TemporaryDirectory()
      try set.file("model.safetensors.index.json", index.utf8)
      try set.file(shard, text.utf8)
      let error = failure {
        for leaf in try open(set.path, salvaging: false) { _ = try leaf.source }
      }
      #expect(error?.message.contains(what) == true)
    }
  }

  @Test func compressedFilesAreNamed() throws {
    let scratch = try TemporaryDirectory()
    for name in ["m.pt", "m.safetensors", "m"] {
      try scratch.file(name, [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3])
      let error = #expect(throws: CoppiceError.self) { try open(scratch(name), salvaging: true) }
      #expect(error?.message.contains("compressed by gzip") == true)
    }
  }

  /// The names of files say how many there are, which are numbered from 1, or from 0.
  @Test(arguments: [
    ([1, 2, 4], "model-00003-of-00004.safetensors"),
    ([2, 3, 4], "model-00001-of-00004.safetensors"),
    ([0, 1, 2], "model-00003-of-00004.safetensors"), ([0, 1, 2, 3], nil), ([1, 2, 3, 4], nil),
  ])
  func aFileThatIsMissingByTheOthersNamesIsNamed(_ numbers: [Int], _ name: String?) throws {
    let set = try TemporaryDirectory()
    for number in numbers {
      let header = #"{"\#(number)":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#
      try set.file(
        "model-0000\(number)-of-00004.safetensors",
        [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8) + [7])
    }
    let error = failure { _ = try open(set.path, salvaging: false) }
    #expect(error?.code == (name == nil ? nil : .fileMissing))
    if let name { #expect(error?.message.contains("\"\(name)\"") == true) }
    #expect(try open(set.path, salvaging: true).count == numbers.count)
  }

  /// Tensors of a set have faults of their own, so that those before the end of a file are read.
  @Test func aFileOfASetThatEndsTooEarlyLosesNoOtherTensors() throws {
    let set = try TemporaryDirectory()
    let header =
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#
    try set.file(
      "m.safetensors", [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8) + [7])
    try set.file(
      "model.safetensors.index.json",
      #"{"weight_map":{"a":"m.safetensors","b":"m.safetensors"}}"#.utf8)
    // By the directory, and by the index.
    for path in [set.path, set("model.safetensors.index.json")] {
      let leaves = try open(path, salvaging: false)
      #expect(leaves.map { $0.fault?.kind } == [nil, .damaged])
      #expect(try leaves[0].source.load().byteCount == 1)
    }
  }
}
