import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

@testable import CoppiceZarr

/// The small stores that TensorStore and zarr-python wrote; see `Fixtures/make_stores.py`.
enum StoreFixtures {
  struct Case: CustomTestStringConvertible, Sendable {
    var store: String
    var kind: String
    var node: JSONNode

    var array: String { (try? node["array"]?.string()) ?? "" }
    var testDescription: String { store + "/" + array }

    func text(_ name: String) throws -> String { try #require(node[name]).string() }
  }

  static let root = Specification.package.appending("Tests/CoppiceZarrTests/Fixtures")

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

  static func store(_ fixture: Case) throws -> any KeyValueStore {
    DirectoryStore(try directory(fixture.store))
  }

  /// Opens the array of a case; a small working memory forces the slow paths.
  static func open(_ fixture: Case, workingMemory: Int? = nil) throws -> ZarrArray {
    var limits = ReadLimits()
    if let workingMemory { limits.workingMemory = workingMemory }
    let missing = try fixture.node["missing"]?.string() == "fill"
    return try ZarrArray(
      opening: fixture.array, in: store(fixture), missingChunks: missing ? .areFill : .areErrors,
      limits: limits)
  }
}
