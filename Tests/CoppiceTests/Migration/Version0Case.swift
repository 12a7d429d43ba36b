import Coppice
import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import CoppiceVersion0
import SystemPackage
import Testing

/// A case of `fixtures/0`.
struct Version0Case: CustomTestStringConvertible, Sendable {
  var id: String
  var outcome: String
  var code: String?
  var warnings: [String]

  var checkpoint: FilePath { Self.root.appending(id).appending("checkpoint") }
  var testDescription: String { id }
  var loads: Bool { outcome == "valid" || outcome == "tolerated" }

  private static let root = Specification.package.appending("fixtures/0")

  /// All cases, by what they say of themselves.
  static let all: [Version0Case] = {
    guard let directory = try? DirectoryHandle(opening: root),
      let files = try? directory.allFiles()
    else { return [] }
    return files.filter { $0.hasSuffix("/case.json") }.compactMap { file in
      guard let bytes = try? directory.allBytes(of: file, limit: 1 << 20),
        let json = try? JSONDocument(parsing: bytes, file: file).root,
        let outcome = try? json["outcome"]?.string()
      else { return nil }
      let code = try? json["error"]?["code"]?.string()
      let warnings = (try? json["warnings"]?.array().map { try $0.string() }) ?? []
      return Version0Case(
        id: String(file.dropLast(10)), outcome: outcome, code: code, warnings: warnings)
    }
  }()

  func open() throws -> Version0Reader.Input? {
    try Version0Reader.open(
      DirectoryHandle(opening: checkpoint), options: ReadOptions(), hdf5: .inProcess)
  }
}

extension CheckpointContents {
  /// The parts; one without a name is called `state`, as migration calls it.
  var parts: [NamedCheckpointable] {
    switch root {
    case .named(let items): items
    case .unnamed(let item): [.init("state", item)]
    }
  }
}

/// Everything of a directory, by path: enough to see that nothing was changed.
func snapshot(_ path: FilePath) throws -> [String: [UInt8]] {
  let directory = try DirectoryHandle(opening: path)
  var files: [String: [UInt8]] = [:]
  for name in try directory.allFiles() {
    files[name] = try directory.allBytes(of: name, limit: 1 << 24)
  }
  return files
}

/// Copies a checkpoint, to be changed.
func copy(_ source: FilePath, to target: FilePath) throws {
  try OutputDirectory.create(target)
  for (name, bytes) in try snapshot(source) {
    let parts = name.split(separator: "/").map(String.init)
    let parent = try OutputDirectory.createAll(parts.dropLast(), below: target)
    try OutputFile.create(
      parent.appending(parts.last ?? name), holding: bytes, durability: .buffered)
  }
}
