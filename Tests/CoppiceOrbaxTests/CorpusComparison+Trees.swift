import CoppiceDigest
import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import CoppiceTestSupport

extension CorpusComparison {
  mutating func compareTree(
    _ expected: JSONNode?, _ tree: Tree<ArrayLeaf>, _ place: String
  ) throws {
    let wanted = expected?.requireMembers.first { $0.name != "was" }
    func isWanted(_ kind: String) -> Bool { wanted.map { $0.name == kind } ?? true }
    func truth(_ kind: String) -> JSONNode? { isWanted(kind) ? wanted?.value : nil }
    var kind: String
    switch tree {
    case .leaf(let leaf):
      kind = "array"
      try compareArray(truth(kind), leaf, place)
    case .value(let value):
      kind = compareValue(wanted, value, place)
    case .dict(let entries):
      kind = entries.isEmpty ? "emptyDict" : "dict"
      let names = entries.map { entry in
        switch entry.key {
        case .string(let text): text
        case .integer(let number): String(number)
        }
      }
      try compareChildren(truth(kind), Array(zip(names, entries.map(\.node))), place)
    case .list(let nodes):
      kind = nodes.isEmpty ? "emptyList" : "list"
      try compareElements(truth(kind), nodes, place)
    case .tuple(let nodes):
      kind = nodes.isEmpty ? "emptyTuple" : "tuple"
      try compareElements(truth(kind), nodes, place)
    case .record(let record):
      kind = "namedtuple"
      let fields = truth(kind)?["fields"]
      if let type = truth(kind)?["class"], !record.fields.isEmpty, !type.stringEquals(record.type) {
        add("\(place): type \(record.type), expected \(type.json)")
      }
      if let fields, fields.count != record.fields.count { add("\(place): fields differ") }
      for (index, field) in record.fields.enumerated() {
        let truth = fields?[index]
        if let truth, truth[0]?.stringEquals(field.name) != true {
          add("\(place): field \(field.name)")
        }
        try compareTree(truth?[1], field.node, "\(place)/\(field.name)")
      }
    }
    if !isWanted(kind) { add("\(place): \(kind), expected \(wanted?.name ?? "")") }
  }

  private mutating func compareChildren(
    _ expected: JSONNode?, _ children: [(name: String, node: Tree<ArrayLeaf>)], _ place: String
  ) throws {
    for child in children {
      let truth = expected?[child.name]
      if truth == nil, expected != nil { add("\(place)/\(child.name): unexpected") }
      try compareTree(truth, child.node, "\(place)/\(child.name)")
    }
    if let expected, expected.kind == .object, expected.count != children.count {
      add("\(place): \(children.count) children, expected \(expected.count)")
    }
  }

  private mutating func compareElements(
    _ expected: JSONNode?, _ nodes: [Tree<ArrayLeaf>], _ place: String
  ) throws {
    if let expected, expected.kind == .array, expected.count != nodes.count {
      add("\(place): \(nodes.count) elements, expected \(expected.count)")
    }
    for (index, node) in nodes.enumerated() {
      try compareTree(expected?[index], node, "\(place)/\(index)")
    }
  }

  /// Compares a value, and gives the kind that the corpus calls it.
  private mutating func compareValue(
    _ wanted: (name: String, value: JSONNode)?, _ value: TreeValue, _ place: String
  ) -> String {
    func scalar(_ type: String, _ isEqual: (String) -> Bool) -> String {
      guard let wanted, wanted.name == "scalar" else { return "scalar" }
      let text = (try? wanted.value["value"]?.string()) ?? ""
      if wanted.value["type"]?.stringEquals(type) != true || !isEqual(text) {
        add("\(place): \(value), expected \(wanted.value.json)")
      }
      return "scalar"
    }
    func same(_ a: Double, _ b: Substring) -> Bool {
      guard let b = Double(b) else { return false }
      return a.isNaN ? b.isNaN : a.bitPattern == b.bitPattern
    }
    switch value {
    case .int(let number): return scalar("int") { $0 == number.text }
    case .bool(let flag): return scalar("bool") { $0 == String(flag) }
    case .float(let bits): return scalar("float") { same(bits.value, $0[...]) }
    case .complex(let real, let imaginary):
      return scalar("complex") { text in
        let parts = text.split(separator: ",")
        return parts.count == 2 && same(real.value, parts[0]) && same(imaginary.value, parts[1])
      }
    case .string(let text):
      if let wanted, wanted.name == "string", !wanted.value.stringEquals(text) {
        add("\(place): \"\(text)\", expected \(wanted.value.json)")
      }
      return "string"
    case .bytes(let bytes):
      let hex = bytes.hex
      if let wanted, wanted.name == "bytes", !wanted.value.stringEquals(hex) {
        add("\(place): bytes \(hex), expected \(wanted.value.json)")
      }
      return "bytes"
    case .null: return "none"
    case .stringArray: return "array"
    }
  }

  private mutating func compareArray(
    _ expected: JSONNode?, _ leaf: ArrayLeaf, _ place: String
  ) throws {
    var hash = SHA256()
    let metadata = try leaf.metadata
    let dtype = metadata.dtype
    try leaf.source.forEachPiece(ofAtMost: 1 << 16) { (piece: RawSpan) in
      if [.int2, .int4].contains(dtype) {
        hash.update(piece.copied.map { Self.widened($0, dtype) })
      } else {
        hash.update(piece)
      }
    }
    let digest = hash.finish()
    guard let expected else { return }
    if expected["dtype"]?.stringEquals(dtype.rawValue) != true {
      add("\(place): dtype \(dtype), expected \(expected["dtype"]?.json as Any)")
    }
    let shape = try expected["shape"]?.integerColumn()
    if shape != metadata.shape.dimensions {
      add("\(place): shape \(metadata.shape), expected \(shape as Any)")
    }
    if let sha256 = expected["sha256"], !sha256.stringEquals(digest) {
      add("\(place): elements differ (\(expected["first"]?.json as Any))")
    }
    if let name = metadata.prngImplementation {
      if expected["prngImpl"]?.stringEquals(name) != true { add("\(place): key of \(name)") }
    } else if expected["prngImpl"] != nil {
      add("\(place): no key implementation")
    }
    compareMesh(expected["mesh"], metadata.sharding, place)
  }

  private mutating func compareMesh(
    _ expected: JSONNode?, _ sharding: Sharding?, _ place: String
  ) {
    // The truth has the mesh of the save; a copy may have lost the file.
    guard let expected, let sharding, sharding.device == nil else { return }
    let names = expected.requireMembers.map(\.name)
    let sizes = expected.requireMembers.compactMap { try? $0.value.int() }
    if names != sharding.axisNames || sizes != sharding.axisSizes {
      add("\(place): \(sharding), expected \(expected.json)")
    }
  }

  /// The corpus hashes the small signed integers widened to a byte with their sign.
  private static func widened(_ byte: UInt8, _ dtype: DType) -> UInt8 {
    switch dtype {
    case .int4 where byte & 0x8 != 0: byte | 0xF0
    case .int2 where byte & 0x2 != 0: byte | 0xFC
    default: byte
    }
  }
}
