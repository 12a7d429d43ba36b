import CoppiceJSON
package import CoppiceModel

/// `metadata.json` of version 0: a flat list of a tree's nodes by path.
///
/// Spec: version 0, V0-12 to V0-16.
package struct Version0Metadata: Sendable {
  package static let fileName = "metadata.json"

  /// The meaning of a path.
  package enum Entry: Sendable {
    case array(DType, Shape)
    case value(TreeValue)
    case container(Container)
  }

  /// The kinds of containers.
  package enum Container: String, Sendable {
    case dict, list, tuple
  }

  /// The paths as written, each with its meaning and the member that lists it.
  package var entries: [(path: String, entry: Entry, member: StaticString)] = []

  /// Reads the document.
  ///
  /// - Throws: `json.*`, `arrays.*`, `model.*`.
  package init(parsing bytes: [UInt8], file: String, limits: ReadLimits) throws(CoppiceError) {
    let document = try JSONDocument(parsing: bytes, file: file, dialect: .python, limits: limits)
    var reader = try JSONObjectReader(document.root)
    let arrays = try reader.required("arrays").requireObject()
    let containers = try reader.optional("containers")?.requireObject()
    let values = try reader.optional("values")?.requireObject()
    try reader.rejectUnknown()
    guard arrays.count <= limits.leaves else {
      throw document.root.error(
        .modelTooManyLeaves, "the tree has more than \(limits.leaves) leaves")
    }
    for (path, node) in arrays { append(path, try Self.array(node, limits), "arrays") }
    if let values {
      for (path, node) in values { append(path, .value(try Self.value(node)), "values") }
    }
    if let containers {
      for (path, node) in containers {
        guard let kind = Container(rawValue: try node.string()) else {
          throw node.error(.modelBadNode, "a container is \"dict\", \"list\" or \"tuple\"")
        }
        append(path, .container(kind), "containers")
      }
    }
  }

  private mutating func append(_ path: String, _ entry: Entry, _ member: StaticString) {
    entries.append((path, entry, member))
  }

  private static func array(_ node: JSONNode, _ limits: ReadLimits) throws(CoppiceError) -> Entry {
    var reader = try JSONObjectReader(node)
    let typeNode = try reader.required("dtype")
    let dtype = try ArrayMembers.dtype(typeNode)
    guard DType.ofVersion0.contains(dtype) else {
      throw typeNode.error(.arraysUnknownDType, "\"\(dtype)\" is no element type of version 0")
    }
    let shape = try ArrayMembers.shape(try reader.required("shape"), limits: limits)
    try reader.rejectUnknown()
    return .array(dtype, shape)
  }

  /// Reads a value in the spelling of Python's `json` module.
  private static func value(_ node: JSONNode) throws(CoppiceError) -> TreeValue {
    switch node.kind {
    case .null: return .null
    case .bool: return .bool(try node.bool())
    case .string: return .string(try node.string())
    case .number:
      let text = try node.numberText()
      if let integer = IntegerText(text) { return .int(integer) }
      // Python writes the float as `-0.0`, so `-0` is the integer 0.
      if text == "-0" { return .int(IntegerText(0)) }
      return .float(Float64Bits(try node.double()))
    case .array, .object:
      throw node.error(.modelBadValue, "a value is a number, a string, true, false or null")
    }
  }
}
