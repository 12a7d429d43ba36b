import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import CoppiceVersion0
import SystemPackage
import Testing

/// Every case of version 0 ends as it says.
struct Version0Tests {
  @Test func findsTheCases() {
    #expect(Version0Case.all.count >= 70)
  }

  @Test(arguments: Version0Case.all)
  func endsAsTheCaseSays(_ example: Version0Case) throws {
    do {
      let input = try #require(try example.open())
      var warnings: [String] = []
      switch input {
      case .checkpoint(let opened):
        try load(opened.contents)
        warnings = opened.contents.warnings.map(\.code.rawValue)
      case .steps(let found):
        for step in found.steps.steps { try load(step.open()) }
      }
      #expect(example.loads)
      if example.outcome == "tolerated" { #expect(warnings == example.warnings) }
    } catch let error as CoppiceError {
      #expect(!example.loads, "\(error)")
      #expect(error.code.rawValue == example.code, "\(error)")
    }
  }

  private func load(_ contents: CheckpointContents) throws {
    for part in contents.parts {
      guard case .tree(let tree) = try part.value else { continue }
      _ = try tree.loaded()
    }
  }

  @Test func leavesOtherDirectoriesAlone() throws {
    let directory = try TemporaryDirectory()
    let handle = try DirectoryHandle(opening: directory.path)
    func open() throws -> Version0Reader.Input? {
      try Version0Reader.open(handle, options: ReadOptions(), hdf5: .inProcess)
    }
    #expect(try open() == nil)
    // A tree of version 1 whose root document is lost is no tree of version 0.
    let contents = CheckpointContents(
      format: "memory", root: .unnamed(.tree(.dict([.init("a", .leaf(try ones()))]))))
    try CheckpointWriter.write(contents, to: directory("one"))
    try OutputDirectory.remove(directory("one").appending("coppice.json"))
    let one = try DirectoryHandle(opening: directory("one"))
    #expect(try Version0Reader.open(one, options: ReadOptions(), hdf5: .inProcess) == nil)
    // Nor without its documents at all: its HDF5 file lacks the mark.
    try OutputDirectory.remove(directory("one").appending("state/tree.json"))
    #expect(try Version0Reader.open(one, options: ReadOptions(), hdf5: .inProcess) == nil)
    #expect(try open() == nil)
  }

  private func ones() throws -> ArrayLeaf {
    var generator = TreeGenerator(seed: 1)
    return ArrayLeaf(try generator.array(.float32, [4]))
  }
}

extension Version0Reader.Input? {
  fileprivate static func == (left: Self, right: _OptionalNilComparisonType) -> Bool {
    if case .none = left { true } else { false }
  }
}
