import CoppiceFiles
import CoppiceGGUF
import CoppiceModel
import CoppiceTestSupport
import Foundation
import SystemPackage
import Testing

/// A case of the real library, or a damaged copy.
struct ForeignCase: CustomTestStringConvertible, Sendable {
  let path: FilePath

  var testDescription: String { path.lastComponent?.string ?? "" }

  private static let folder = Specification.package.appending("fixtures/foreign")

  /// Returns the cases of a family whose name begins with a text.
  static func all(_ family: String, _ prefix: String = "") -> [ForeignCase] {
    let folder = folder.appending(family)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
    return names.filter { $0.hasPrefix(prefix) }.sorted().map { .init(path: folder.appending($0)) }
  }

  /// The truth of a case, as far as it is compared here.
  struct Truth: Decodable {
    struct Item: Decodable { var tree: Tree }
    struct Tree: Decodable { var dict: [String: Node]? }
    struct Node: Decodable { var array: Array }
    struct Array: Decodable {
      var dtype: String
      var shape: [Int]
      var sha256: String
    }
    var path: String
    var root: Item?
    var dequantized: Item?
  }

  struct Declaration: Decodable {
    struct Fault: Decodable { var code: String }
    var outcome: String
    var error: Fault?
    var warnings: [String]?
  }

  var truth: Truth {
    get throws { try ArrayTruth.read(Truth.self, path.appending("expected.json")) }
  }

  var declaration: Declaration {
    get throws { try ArrayTruth.read(Declaration.self, path.appending("case.json")) }
  }

  /// Opens the input.
  func open(dequantizes: Bool = false) throws -> CheckpointContents {
    try CoppiceGGUFTests.open(
      FilePath(path.string + "/" + (try truth.path)), dequantizes: dequantizes)
  }
}

/// Opens a file or directory.
func open(
  _ path: FilePath, dequantizes: Bool = false, limits: ReadLimits = .standard
) throws -> CheckpointContents {
  var isDirectory: ObjCBool = false
  _ = FileManager.default.fileExists(atPath: path.string, isDirectory: &isDirectory)
  guard isDirectory.boolValue else {
    return try GGUFFormat.open(
      InputFile(opening: path), dequantizes: dequantizes, limits: limits
    ) { () throws(CoppiceError) in try DirectoryHandle(opening: path.removingLastComponent()) }
  }
  let directory = try DirectoryHandle(opening: path)
  return try #require(
    try GGUFFormat.open(directory, dequantizes: dequantizes, limits: limits))
}

extension CheckpointContents {
  /// The leaves by name.
  var leaves: [String: ArrayLeaf] {
    guard case .unnamed(.tree(.dict(let entries))) = root else { return [:] }
    var leaves: [String: ArrayLeaf] = [:]
    for entry in entries {
      guard case .string(let name) = entry.key, case .leaf(let leaf) = entry.node else { continue }
      leaves[name] = leaf
    }
    return leaves
  }
}

/// A file made by hand, from the description of the format.
struct HandMade {
  var metadata: [[UInt8]] = []
  var tensors: [(info: [UInt8], data: [UInt8])] = []

  /// The bytes of an integer, least significant first.
  static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    (0..<(number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  static func text(_ text: String) -> [UInt8] { bytes(UInt64(text.utf8.count)) + text.utf8 }

  /// Adds a metadata value of a type.
  mutating func add(_ key: String, _ type: UInt32, _ value: [UInt8]) {
    metadata.append(Self.text(key) + Self.bytes(type) + value)
  }

  /// Adds a tensor after those before; its extents come fastest first.
  mutating func add(_ name: String, _ type: UInt32, _ extents: [UInt64], _ data: [UInt8]) {
    let offset = tensors.reduce(0) { $0 + $1.data.count }
    var info = Self.text(name)
    info += Self.bytes(UInt32(extents.count))
    for extent in extents { info += Self.bytes(extent) }
    info += Self.bytes(type)
    info += Self.bytes(UInt64(offset))
    tensors.append((info, data + [UInt8](repeating: 0, count: -data.count & 31)))
  }

  var bytes: [UInt8] {
    var bytes = Array("GGUF".utf8)
    bytes += Self.bytes(UInt32(3))
    bytes += Self.bytes(UInt64(tensors.count))
    bytes += Self.bytes(UInt64(metadata.count))
    for value in metadata { bytes += value }
    for tensor in tensors { bytes += tensor.info }
    bytes += [UInt8](repeating: 0, count: -bytes.count & 31)
    for tensor in tensors { bytes += tensor.data }
    return bytes
  }

  /// Writes the file and opens it.
  func open(
    dequantizes: Bool = false, limits: ReadLimits = .standard
  ) throws -> CheckpointContents {
    let directory = try TemporaryDirectory()
    try writeFile(directory("m.gguf"), bytes)
    return try CoppiceGGUFTests.open(
      directory("m.gguf"), dequantizes: dequantizes, limits: limits)
  }
}
