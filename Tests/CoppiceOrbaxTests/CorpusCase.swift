import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// One case of `fixtures/foreign`: a checkpoint that a real library wrote, or a damaged copy of one, with the
/// truth about it.
struct CorpusCase: Sendable, CustomTestStringConvertible {
  let name: String
  let layout: String
  let expected: JSONNode

  var testDescription: String { name }

  /// The directory of all families.
  static let root = Specification.package.appending("fixtures/foreign")

  /// The cases whose layout is one of Orbax's.
  static let orbax = all.filter { $0.layout.hasPrefix("orbax-") }

  /// All cases.
  static let all: [CorpusCase] = {
    guard let corpus = try? DirectoryHandle(opening: root), let families = try? corpus.entries()
    else { return [] }
    return families.filter { $0.kind == .directory }.flatMap { family -> [CorpusCase] in
      let cases = try? corpus.subdirectory(family.name).entries()
      return (cases ?? []).compactMap { entry in
        let name = family.name + "/" + entry.name
        guard let bytes = try? corpus.allBytes(of: name + "/expected.json", limit: 1 << 26),
          let document = try? JSONDocument(parsing: bytes, file: name, dialect: .python),
          let layout = try? document.root["layout"]?.string()
        else { return nil }
        return CorpusCase(name: name, layout: layout, expected: document.root)
      }
    }
  }()

  /// Where the checkpoint lies.
  func path() throws -> FilePath {
    let path = try #require(try expected["path"]?.string())
    return Self.root.pushing(FilePath(name)).pushing(FilePath(path))
  }

  /// The checkpoint's directory.
  func directory() throws -> DirectoryHandle { try DirectoryHandle(opening: try path()) }

  /// A member that is true.
  func isSet(_ member: String) -> Bool { (try? expected[member]?.bool()) == true }
}
