package import CoppiceFiles
package import CoppiceJSON
import CoppiceModel
import SystemPackage

/// Small stores that other libraries wrote, and what they hold; see `Fixtures/make_stores.py` of a test target.
package struct StoreFixtures: Sendable {
  package struct Case: CustomStringConvertible, Sendable {
    package var store: String
    package var kind: String
    package var node: JSONNode

    package var array: String { (try? node["array"]?.string()) ?? "" }
    package var description: String { store + "/" + array }

    package func text(_ name: String) throws -> String {
      guard let member = node[name] else {
        throw CoppiceError(.jsonMissingMember, "the case \(self) has no \(name)")
      }
      return try member.string()
    }
  }

  private let root: FilePath
  package let cases: [Case]

  /// Makes the fixtures of a test target.
  package init(of target: String) {
    root = Specification.package.appending("Tests/\(target)/Fixtures")
    guard let directory = try? DirectoryHandle(opening: root),
      let bytes = try? directory.allBytes(of: "stores.json", limit: 1 << 24),
      let list = try? JSONDocument(parsing: bytes).root["cases"]?.array()
    else {
      cases = []
      return
    }
    cases = list.compactMap { node in
      guard let store = try? node["store"]?.string(), let kind = try? node["kind"]?.string() else {
        return nil
      }
      return Case(store: store, kind: kind, node: node)
    }
  }

  package func cases(_ kinds: Set<String>) -> [Case] { cases.filter { kinds.contains($0.kind) } }

  package func directory(_ store: String) throws -> DirectoryHandle {
    try DirectoryHandle(opening: root).subdirectory("stores/" + store)
  }
}
