import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

@testable import CoppiceOrbax

/// The small stores that TensorStore wrote; see `Fixtures/make_stores.py`.
enum StoreFixtures {
  struct Case: CustomTestStringConvertible, Sendable {
    var store: String
    var kind: String
    var node: JSONNode

    var array: String { (try? node["array"]?.string()) ?? "" }
    var testDescription: String { store + "/" + array }

    func text(_ name: String) throws -> String { try #require(node[name]).string() }
  }

  static let root = Specification.package.appending("Tests/CoppiceOrbaxTests/Fixtures")

  static let cases: [Case] = {
    guard let directory = try? DirectoryHandle(opening: root),
      let bytes = try? directory.allBytes(of: "stores.json", limit: 1 << 24),
      let list = try? JSONDocument(parsing: bytes).root["cases"]?.array()
    else { return [] }
    return list.compactMap { node in
      guard let store = try? node["store"]?.string(), let kind = try? node["kind"]?.string() else {
        return nil
      }
      return Case(store: store, kind: kind, node: node)
    }
  }()

  static func cases(_ kinds: Set<String>) -> [Case] { cases.filter { kinds.contains($0.kind) } }

  static func directory(_ store: String) throws -> DirectoryHandle {
    try DirectoryHandle(opening: root).subdirectory("stores/" + store)
  }
}
