import CoppiceFiles
import CoppiceModel
import CoppiceOrbax
import CoppiceTestSupport
import SystemPackage

/// A checkpoint made for one test, file by file.
struct SampleDirectory {
  private let temporary: TemporaryDirectory

  /// The checkpoint's directory.
  let path: FilePath

  init(_ name: String = "sample", _ files: [String: String] = [:]) throws {
    temporary = try TemporaryDirectory()
    path = temporary(name)
    try OutputDirectory.create(path)
    for (file, text) in files { try write(file, Array(text.utf8)) }
  }

  /// A copy of a case of the corpus, which may then be changed; `files` chooses what is copied.
  init(copying sample: CorpusCase, where isWanted: (String) -> Bool = { _ in true }) throws {
    try self.init(try sample.path().lastComponent?.string ?? "sample")
    let original = try sample.directory()
    for file in try original.allFiles() where isWanted(file) {
      try write(file, try original.allBytes(of: file, limit: 1 << 26))
    }
  }

  func write(_ file: String, _ bytes: [UInt8]) throws {
    let parts = file.split(separator: "/").map(String.init)
    let directory = try OutputDirectory.createAll(parts.dropLast(), below: path)
    let target = directory.appending(parts.last ?? "")
    try? OutputDirectory.remove(target)
    try OutputFile.create(target, holding: bytes, durability: .buffered)
  }

  func write(_ file: String, _ text: String) throws { try write(file, Array(text.utf8)) }

  func open() throws -> CheckpointInput {
    try OrbaxCheckpoint.open(DirectoryHandle(opening: path), limits: .standard)
  }

  /// The contents of one checkpoint.
  func contents() throws -> CheckpointContents {
    guard case .checkpoint(let contents) = try open() else { throw NotACheckpoint() }
    return try contents.whole()
  }

  /// The tree of a direct checkpoint.
  func tree() throws -> Tree<ArrayLeaf> {
    guard case .unnamed(.tree(let tree)) = try contents().root else { throw NotACheckpoint() }
    return tree
  }

  /// The code that opening all of a checkpoint fails with; `nil` when it doesn't.
  func errorCode() -> String? {
    do {
      if case .checkpoint(let contents) = try open() { _ = try contents.whole() }
      return nil
    } catch let error as CoppiceError {
      return error.code.rawValue
    } catch {
      return "\(error)"
    }
  }

  struct NotACheckpoint: Error {}
}

/// The text of `_METADATA` for leaves given by path, where a number is an index.
func treeMetadata(_ leaves: [(path: [String], type: String)], _ members: String = "") -> String {
  let entries = leaves.enumerated().map { place, leaf in
    let keys = leaf.path.map { #"{"key": "\#($0)", "key_type": \#(Int($0) == nil ? 2 : 1)}"# }
    let isEmpty = ["None", "Dict", "List", "Tuple", "NamedTuple"].contains(leaf.type)
    return #""\#(place)": {"key_metadata": [\#(keys.joined(separator: ", "))], "#
      + #""value_metadata": {"value_type": "\#(leaf.type)", "skip_deserialize": \#(isEmpty)}}"#
  }
  return #"{"tree_metadata": {\#(entries.joined(separator: ", "))}\#(members)}"#
}

/// The files of a zarr 2 array of one dimension, raw, by their paths.
func arrayFiles(_ name: String, int32 elements: [Int32]) -> [(path: String, bytes: [UInt8])] {
  let metadata =
    #"{"zarr_format": 2, "shape": [\#(elements.count)], "chunks": [\#(elements.count)], "#
    + #""dtype": "<i4", "compressor": null, "fill_value": null, "order": "C", "#
    + #""filters": null, "dimension_separator": "."}"#
  let bytes = elements.flatMap { element in
    (0..<4).map { UInt8(truncatingIfNeeded: element >> (8 * $0)) }
  }
  return [(name + "/.zarray", Array(metadata.utf8)), (name + "/0", bytes)]
}
