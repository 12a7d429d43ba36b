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
    "safetensors/numpy/input/m.safetensors", "gguf/types/input/m.gguf",
  ])
  func tensorsBeforeTheEndAreSalvaged(_ name: String) throws {
    let path = Specification.package.appending("fixtures/foreign").pushing(FilePath(name))
    let bytes = try InputFile(opening: path).allBytes(limit: 1 << 20)
    let whole = try open(path, salvaging: false)
    let scratch = try TemporaryDirectory()
    let cut = scratch(path.lastComponent?.string ?? "")
    try OutputFile.create(cut, holding: Array(bytes.dropLast()), durability: .buffered)
    let error = #expect(throws: CoppiceError.self) { try open(cut, salvaging: false) }
    #expect(error?.code.rawValue.hasSuffix(".truncated-data") == true)
    let leaves = try open(cut, salvaging: true)
    #expect(leaves.count == whole.count)
    #expect(leaves.count { $0.fault != nil } == 1)
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
    ("<html>", "a page of HTML"),
  ])
  func substitutesAreNamed(_ text: String, _ what: String) throws {
    let scratch = try TemporaryDirectory()
    for name in ["m.pt", "m.safetensors", "m.h5", "m.npz", "m"] {
      try scratch.file(name, text.utf8)
      let error = #expect(throws: CoppiceError.self) { try open(scratch(name), salvaging: true) }
      #expect(error?.code == .formatUnrecognized)
      #expect(error?.message.contains(what) == true)
    }
  }
}
