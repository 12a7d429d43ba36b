import CoppiceJSON
import CoppiceModel

/// A reader of the nodes of a tree, which checks the order of leaves, the depth and the keys.
///
/// Spec: MET-32 to MET-35.
struct NodeReader {
  /// The number of leaves read so far, which is the ordinal of the next one.
  var leafCount = 0
  /// The bytes of the text arrays read so far.
  var textBytes = 0
  private let unknown: UnknownMembers
  let limits: ReadLimits

  /// The most bytes that all text arrays of a tree may have together.
  static let maximumTextBytes = 64 << 20

  init(unknown: UnknownMembers, limits: ReadLimits) {
    self.unknown = unknown
    self.limits = limits
  }

  mutating func read(_ node: JSONNode, depth: Int = 0) throws(CoppiceError) -> Tree<Int> {
    guard depth <= limits.depth else {
      throw node.error(
        .modelTooDeep, "containers are nested deeper than \(limits.depth) levels")
    }
    let (name, value) = try member(of: node)
    switch name {
    case "leaf":
      guard try value.nonNegativeInt() == leafCount else {
        throw value.error(
          .modelLeafOrder, "leaves are numbered depth first; the next one is \(leafCount)")
      }
      guard leafCount < limits.leaves else {
        throw value.error(.modelTooManyLeaves, "the tree has more than \(limits.leaves) leaves")
      }
      leafCount += 1
      return .leaf(leafCount - 1)
    case "dict": return .dict(try entries(value, depth: depth + 1))
    case "list": return .list(try nodes(value, depth: depth + 1))
    case "tuple": return .tuple(try nodes(value, depth: depth + 1))
    case "record": return .record(try record(value, depth: depth + 1))
    default: return .value(try self.value(name, value))
    }
  }

  /// Returns the one member that defines a node.
  private func member(of node: JSONNode) throws(CoppiceError) -> (name: String, value: JSONNode) {
    var members = node.members.makeIterator()
    if let member = members.next(), node.count == 1 { return member }
    // A later minor version may add members to a node.
    let known = node.entries.filter { entry in
      Self.memberNames.contains { entry.name.stringEquals($0) }
    }
    guard known.count == 1, let member = known.first, !unknown.areRefused else {
      throw node.error(.modelBadNode, "a node is an object with exactly one member")
    }
    for (name, _) in node.entries where !name.stringEquals(try member.name.string()) {
      unknown.ignore(name)
    }
    return (try member.name.string(), member.value)
  }

  private static let memberNames = [
    "dict", "list", "tuple", "record", "leaf", "int", "float", "bool", "complex", "string", "bytes",
    "none", "strings", "byte_strings",
  ]

  /// Refuses or ignores the members that the reader didn't ask for.
  func checkUnknown(_ reader: JSONObjectReader) throws(CoppiceError) {
    try unknown.check(reader)
  }

  private mutating func nodes(
    _ node: JSONNode, depth: Int
  ) throws(CoppiceError) -> [Tree<Int>] {
    var nodes: [Tree<Int>] = []
    for element in try node.array() { nodes.append(try read(element, depth: depth)) }
    return nodes
  }

  private mutating func entries(
    _ node: JSONNode, depth: Int
  ) throws(CoppiceError) -> [Tree<Int>.Entry] {
    var entries: [Tree<Int>.Entry] = []
    let elements = try node.array()
    entries.reserveCapacity(elements.count)
    var keys: Set<TreeKey> = []
    for element in elements {
      let (keyNode, child) = try Self.pair(element)
      let key = try key(keyNode)
      guard keys.insert(key).inserted else {
        throw keyNode.error(.modelDuplicateKey, "the key is in this dictionary twice")
      }
      entries.append(.init(key, try read(child, depth: depth)))
    }
    return entries
  }

  private mutating func record(
    _ node: JSONNode, depth: Int
  ) throws(CoppiceError) -> Tree<Int>.Record {
    var reader = try JSONObjectReader(node)
    let fieldsNode = try reader.required("fields")
    let type = try reader.required("type").string()
    try unknown.check(reader)
    var fields: [Tree<Int>.Field] = []
    var names: Set<TreeKey> = []
    for element in try fieldsNode.array() {
      let (nameNode, child) = try Self.pair(element)
      let name = try nameNode.string()
      try check(name, at: nameNode)
      guard names.insert(.string(name)).inserted else {
        throw nameNode.error(.modelDuplicateKey, "the field is in this record twice")
      }
      fields.append(.init(name, try read(child, depth: depth)))
    }
    return .init(type: type, fields: fields)
  }

  private func key(_ node: JSONNode) throws(CoppiceError) -> TreeKey {
    if node.kind == .string {
      let text = try node.string()
      try check(text, at: node)
      return .string(text)
    }
    guard node.kind == .object, let number = node["int"], node.count == 1 || !unknown.areRefused
    else {
      throw node.error(.modelBadNode, "a key is a string, or an object with the one member \"int\"")
    }
    for (name, _) in node.entries where !name.stringEquals("int") { unknown.ignore(name) }
    let text = try number.string()
    guard IntegerText(text) != nil, let value = Int(text) else {
      throw number.error(
        .modelBadValue, "an integer key is a decimal number of at most 64 bits")
    }
    return .integer(value)
  }

  private func check(_ text: String, at node: JSONNode) throws(CoppiceError) {
    guard text.utf8.count <= limits.componentBytes else {
      throw node.error(
        .modelKeyTooLong, "a key has at most \(limits.componentBytes) bytes")
    }
  }

  private static func pair(
    _ node: JSONNode
  ) throws(CoppiceError) -> (JSONNode, JSONNode) {
    var elements = try node.array(count: 2).makeIterator()
    guard let first = elements.next(), let second = elements.next() else {
      throw node.error(.modelBadNode, "a pair of key and node is needed")
    }
    return (first, second)
  }
}
