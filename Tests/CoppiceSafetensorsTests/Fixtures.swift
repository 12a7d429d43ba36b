import CoppiceModel
import CoppiceTestSupport
import Foundation
import SystemPackage
import Testing

/// The files that `Fixtures/Safetensors/make.py` made, and what they hold.
enum Fixtures {
  static let directory = Specification.package.appending("Tests/Fixtures/Safetensors")

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

/// The checkpoints of `fixtures/foreign`.
enum Corpus {
  static let directory = Specification.package.appending("fixtures/foreign")

  /// The names of a family's cases that begin with a prefix.
  static func cases(_ family: String, _ prefix: String = "") -> [String] {
    let path = directory.appending(family).string
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasPrefix(prefix) }.sorted().map { family + "/" + $0 }
  }

  /// The code that a damaged case is refused with.
  static func code(_ name: String) throws -> String? {
    struct Case: Decodable {
      struct Fault: Decodable { var code: String }
      var error: Fault?
    }
    let file = directory.pushing(FilePath(name)).appending("case.json")
    return try JSONDecoder().decode(
      Case.self, from: Data(contentsOf: URL(fileURLWithPath: file.string))
    ).error?.code
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
    let file = directory.pushing(FilePath(name)).appending("expected.json")
    return try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: URL(fileURLWithPath: file.string)))
  }

  static func input(_ name: String) throws -> FilePath {
    directory.pushing(FilePath(name)).pushing(FilePath(try expected(name).path))
  }
}
