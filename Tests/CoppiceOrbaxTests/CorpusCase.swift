import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import SystemPackage
import Testing

/// One case of the corpus that lies beside the package: a checkpoint that a real library wrote, or
/// a damaged copy of one, with the truth about it.
struct CorpusCase: Sendable, CustomTestStringConvertible {
  let name: String
  let layout: String
  let expected: JSONNode

  var testDescription: String { name }

  /// The directory of the corpus; it need not exist.
  static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent().appending("../shared/corpus")

  /// The cases whose layout is one of Orbax's.
  static let orbax = all.filter { $0.layout.hasPrefix("orbax-") }

  /// All cases.
  static let all: [CorpusCase] = {
    guard let corpus = try? DirectoryHandle(opening: root), let entries = try? corpus.entries()
    else { return [] }
    return entries.compactMap { entry in
      guard let bytes = try? corpus.allBytes(of: entry.name + "/expected.json", limit: 1 << 26),
        let document = try? JSONDocument(parsing: bytes, file: entry.name, dialect: .python),
        let layout = try? document.root["layout"]?.string()
      else { return nil }
      return CorpusCase(name: entry.name, layout: layout, expected: document.root)
    }
  }()

  /// Where the checkpoint lies.
  func path() throws -> FilePath {
    let path = try #require(try expected["path"]?.string())
    return Self.root.appending(name).pushing(FilePath(path))
  }

  /// The checkpoint's directory.
  func directory() throws -> DirectoryHandle { try DirectoryHandle(opening: try path()) }

  /// A member that is true.
  func isSet(_ member: String) -> Bool { (try? expected[member]?.bool()) == true }
}
