import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import SystemPackage

/// The stores of the checkpoints in `fixtures/foreign`.
enum StoreCorpus {
  /// The names of the cases that begin with a prefix.
  static func cases(_ prefix: String) -> [String] {
    CorpusCase.all.map(\.name).filter { $0.hasPrefix(prefix) }
  }

  static func directory(_ name: String) throws -> DirectoryHandle {
    try DirectoryHandle(opening: CorpusCase.root.pushing(FilePath(name)))
  }

  /// One array as the truth has it.
  struct Truth {
    var dtype: String
    var shape: [Int]
    var sha256: String
  }

  static func truth(_ name: String) throws -> JSONNode {
    let bytes = try directory(name).allBytes(of: "expected.json", limit: 1 << 30)
    return try JSONDocument(parsing: bytes, dialect: .python).root
  }

  /// The members of an object that may be absent.
  static func members(_ node: JSONNode?) -> [(name: String, value: JSONNode)] {
    node.map { Array($0.members) } ?? []
  }

  /// The arrays of a tree by their parameter names.
  static func arrays(_ node: JSONNode, _ path: [String] = []) throws -> [String: Truth] {
    var found: [String: Truth] = [:]
    if let array = node["array"] {
      guard let dtype = array["dtype"], let shape = array["shape"], let sum = array["sha256"] else {
        return [:]
      }
      found[path.joined(separator: ".")] = Truth(
        dtype: try dtype.string(), shape: try shape.integerColumn(), sha256: try sum.string())
    }
    for (name, child) in StoreCorpus.members(node["dict"]) {
      found.merge(try arrays(child, path + [name])) { first, _ in first }
    }
    for list in ["list", "tuple"] {
      guard let elements = node[list]?.elements else { continue }
      for (index, child) in elements.enumerated() {
        found.merge(try arrays(child, path + [String(index)])) { first, _ in first }
      }
    }
    return found
  }

  /// The bytes that the corpus's digest is over: two types are widened with their sign there.
  static func hashed(_ bytes: [UInt8], _ dtype: DType) -> [UInt8] {
    switch dtype {
    case .int4: bytes.map { $0 & 8 != 0 ? $0 | 0xF0 : $0 }
    case .int2: bytes.map { $0 & 2 != 0 ? $0 | 0xFC : $0 }
    default: bytes
    }
  }
}
