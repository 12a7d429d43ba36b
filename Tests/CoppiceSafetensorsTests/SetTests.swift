import CoppiceFiles
import CoppiceModel
import CoppiceSafetensors
import CoppiceTestSupport
import Foundation
import SystemPackage
import Testing

@Suite struct SetTests {
  /// A file of one-byte tensors.
  private func shard(_ names: [String], metadata: String? = nil) -> [UInt8] {
    let tensors = names.enumerated().map { index, name in
      #""\#(name)":{"dtype":"U8","shape":[],"data_offsets":[\#(index),\#(index + 1)]}"#
    }
    let pairs = metadata.map { [#""__metadata__":\#($0)"#] } ?? []
    return file(
      "{" + (pairs + tensors).joined(separator: ",") + "}", data: names.map { $0.utf8.first ?? 0 })
  }

  private func write(
    _ directory: TemporaryDirectory, map: [(String, String)], metadata: String = "{}",
    name: String = "model.safetensors.index.json"
  ) throws {
    let lines = map.map { #""\#($0.0)":"\#($0.1)""# }.joined(separator: ",")
    try directory.write(
      name, Array(#"{"metadata":\#(metadata),"weight_map":{\#(lines)}}"#.utf8))
  }

  @Test func followsTheIndexInItsOrder() throws {
    let directory = try TemporaryDirectory()
    try directory.write("1.safetensors", shard(["a", "b"], metadata: #"{"format":"pt"}"#))
    try directory.write("2.safetensors", shard(["c"], metadata: #"{"format":"pt","x":"y"}"#))
    try write(
      directory, map: [("c", "2.safetensors"), ("a", "1.safetensors"), ("b", "1.safetensors")],
      metadata: #"{"total_size":3,"license":"mit","n":1.50}"#)
    let contents = try open(directory.path)
    #expect(contents.entries.map(\.name) == ["c", "a", "b"])
    #expect(try contents.entries.flatMap { try $0.leaf.source.loaded } == Array("cab".utf8))
    #expect(
      contents.custom
        == .object([
          .init("format", .string("pt")), .init("x", .string("y")),
          .init("license", .string("mit")), .init("n", .number("1.50")),
        ]))
    #expect(contents.warnings.isEmpty)
  }

  @Test func readsWhatTheIndexLeavesOutAndSaysSo() throws {
    let directory = try TemporaryDirectory()
    try directory.write("1.safetensors", shard(["a", "x", "b"], metadata: #"{"k":"1"}"#))
    try directory.write("2.safetensors", shard(["b", "c"], metadata: #"{"k":"2"}"#))
    try directory.write("consolidated.safetensors", shard(["a", "b", "c"]))
    try directory.write("consolidated.safetensors.index.json", [])
    try write(
      directory, map: [("a", "1.safetensors"), ("b", "2.safetensors"), ("c", "2.safetensors")])
    let contents = try open(directory.path)
    #expect(contents.entries.map(\.name) == ["a", "b", "c", "x"])
    #expect(
      contents.warnings.map { [$0.code.rawValue, $0.location.file ?? ""] } == [
        ["safetensors.unmapped-tensor", "1.safetensors"],
        ["safetensors.unmapped-tensor", "1.safetensors"],
        ["safetensors.metadata-differs", "2.safetensors"],
        ["safetensors.unlisted-file", "consolidated.safetensors"],
        ["safetensors.unlisted-file", "consolidated.safetensors.index.json"],
      ])
    #expect(contents.custom?["k"] == .string("1"))
  }

  @Test func readsTheOnlyFileWhateverItsName() throws {
    let directory = try TemporaryDirectory()
    try directory.write("weights.safetensors", shard(["a"]))
    try directory.write("._weights.safetensors", [1])
    try directory.write("config.json", Array("{}".utf8))
    let contents = try open(directory.path)
    #expect(contents.entries.map(\.name) == ["a"])
    #expect(contents.warnings.isEmpty)
  }

  @Test func joinsFilesWithoutAnIndexAndSaysSo() throws {
    let directory = try TemporaryDirectory()
    try directory.write("b.safetensors", shard(["b"]))
    try directory.write("a.safetensors", shard(["a"]))
    let contents = try open(directory.path)
    #expect(contents.entries.map(\.name) == ["a", "b"])
    #expect(contents.warnings.map(\.code.rawValue) == ["safetensors.no-index"])
  }

  /// The files besides `1.safetensors` (a) and the index, and the code of the refusal.
  @Test(arguments: [
    ("missing-tensor", "safetensors.missing-tensor"), ("missing-file", "file.missing"),
    ("outside", "file.outside"), ("absolute", "file.outside"), ("empty-name", "file.kind"),
    ("number", "safetensors.index"), ("no-map", "safetensors.index"),
    ("array", "safetensors.index"), ("broken", "safetensors.index"),
    ("twice", "safetensors.duplicate-name"),
  ])
  func refusesBadIndexes(_ fault: String, _ code: String) throws {
    let directory = try TemporaryDirectory()
    let good = "1.safetensors"
    try directory.write(good, shard(["a"]))
    let index = "model.safetensors.index.json"
    switch fault {
    case "missing-tensor": try write(directory, map: [("a", good), ("b", good)])
    case "missing-file": try write(directory, map: [("a", good), ("b", "2.safetensors")])
    case "outside": try write(directory, map: [("a", "../1.safetensors")])
    case "absolute": try write(directory, map: [("a", "/etc/passwd")])
    case "empty-name": try write(directory, map: [("a", "")])
    case "number": try directory.write(index, Array(#"{"weight_map":{"a":1}}"#.utf8))
    case "no-map": try directory.write(index, Array(#"{"metadata":{}}"#.utf8))
    case "array": try directory.write(index, Array(#"{"weight_map":["a"]}"#.utf8))
    case "broken": try directory.write(index, Array(#"{"weight_map":{"a":"#.utf8))
    default: try write(directory, map: [("a", good), ("a", good)])
    }
    let error = #expect(throws: CoppiceError.self) { try touch(open(directory.path)) }
    #expect(error?.code.rawValue == code, "\(error?.description ?? "nothing")")
    #expect(error?.location.file == index)
  }

  /// Asks for the source of each tensor.
  private func touch(_ contents: CheckpointContents) throws {
    guard case .unnamed(.tree(let tree)) = contents.root else { return }
    for (_, leaf) in tree.leaves { _ = try leaf.source }
  }

  @Test func aFileThatIsMissingOrDamagedHidesNoOther() throws {
    let directory = try TemporaryDirectory()
    try directory.write("1.safetensors", shard(["a"]))
    try directory.write("3.safetensors", [1, 2, 3])
    try write(
      directory,
      map: [("b", "2.safetensors"), ("a", "1.safetensors"), ("c", "3.safetensors")])
    guard case .unnamed(.tree(let tree)) = try open(directory.path).root else { return }
    let faults = tree.leaves.map { leaf in
      [leaf.path.description, leaf.leaf.fault?.error.code.rawValue, leaf.leaf.fault?.kind.rawValue]
    }
    #expect(
      faults == [
        ["b", "file.missing", "damaged"], ["a", nil, nil],
        ["c", "safetensors.truncated-header", "damaged"],
      ])
    #expect(tree.leaves[2].leaf.fault?.error.location.file == "3.safetensors")
  }

  @Test func refusesOneNameInTwoFilesWithoutAnIndex() throws {
    let directory = try TemporaryDirectory()
    try directory.write("model.fp16.safetensors", shard(["a"]))
    try directory.write("model.safetensors", shard(["a"]))
    let error = #expect(throws: CoppiceError.self) { try open(directory.path) }
    #expect(error?.code.rawValue == "safetensors.duplicate-name")
    #expect(error?.location.treePath == "a")
  }

  @Test func takesTheUsualIndexOfSeveral() throws {
    let directory = try TemporaryDirectory()
    try directory.write("1.safetensors", shard(["a"]))
    try write(directory, map: [("a", "1.safetensors")], name: "x.safetensors.index.json")
    try write(directory, map: [("b", "2.safetensors")], name: "y.safetensors.index.json")
    let error = #expect(throws: CoppiceError.self) { try open(directory.path) }
    #expect(error?.code.rawValue == "safetensors.several-indexes")
    try write(directory, map: [("a", "1.safetensors")])
    #expect(try open(directory.path).entries.map(\.name) == ["a"])
  }

  @Test func refusesADirectoryWithoutFiles() throws {
    let directory = try TemporaryDirectory()
    let error = #expect(throws: CoppiceError.self) { try open(directory.path) }
    #expect(error?.code.rawValue == "safetensors.no-file")
  }

  @Test func refusesLinksThatLeadOut() throws {
    let outside = try TemporaryDirectory()
    try outside.write("secret.safetensors", shard(["a"]))
    let directory = try TemporaryDirectory()
    try FileManager.default.createSymbolicLink(
      atPath: directory.path.appending("1.safetensors").string,
      withDestinationPath: outside.path.appending("secret.safetensors").string)
    let error = #expect(throws: CoppiceError.self) { try open(directory.path) }
    #expect(error?.code.rawValue == "file.symlink")
  }
}
