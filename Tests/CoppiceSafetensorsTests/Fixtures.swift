import CoppiceModel
import Foundation
import SystemPackage
import Testing

/// The package's own directory.
let packageRoot = FilePath(#filePath).removingLastComponent().removingLastComponent()
  .removingLastComponent()

/// The files that `Fixtures/Safetensors/make.py` made, and what they hold.
enum Fixtures {
  static let directory = packageRoot.appending("Tests/Fixtures/Safetensors")

  struct Tensor: Decodable {
    var name: String
    var dtype: String
    var shape: [Int]
    var hex: String
  }

  struct Truth: Decodable {
    var metadata: [String: String]?
    var tensors: [Tensor]
    var maximum: Int?
  }

  static func truth(_ name: String) throws -> Truth {
    let data = try Data(
      contentsOf: URL(fileURLWithPath: directory.appending("expected.json").string))
    return try #require(JSONDecoder().decode([String: Truth].self, from: data)[name])
  }
}

/// The checkpoints beside the package, where they are there.
enum Corpus {
  static let directory = packageRoot.removingLastComponent().appending("shared/corpus")

  static func cases(_ prefixes: [String]) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.string)) ?? []
    return names.filter { name in prefixes.contains { name.hasPrefix($0) } }.sorted()
  }

  struct Expected: Decodable {
    struct Root: Decodable { var tree: Dict }
    struct Dict: Decodable { var dict: [String: Node] }
    struct Node: Decodable { var array: Array }
    struct Array: Decodable {
      var dtype: String
      var shape: [Int]
      var sha256: String?
      var packedSha256: String?
    }
    var path: String
    var root: Root?
    var error: Bool?
    var errorOptional: Bool?
    var customMetadata: [String: String]?
  }

  static func expected(_ name: String) throws -> Expected {
    let file = directory.appending("\(name)/expected.json")
    return try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: URL(fileURLWithPath: file.string)))
  }

  static func input(_ name: String) throws -> FilePath {
    directory.appending(name).appending(try expected(name).path)
  }
}
