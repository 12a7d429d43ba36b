import CoppiceJSON
import CoppiceModel

/// The container types of a tree that was saved with `support_rich_types`.
///
/// `value_metadata_tree` has them in addition to the flat list of leaves.
indirect enum RichTypes {
  case leaf(valueType: String)
  case dict([(name: String, node: RichTypes)])
  case list([RichTypes])
  case tuple([RichTypes])
  case namedTuple(type: String, [(name: String, node: RichTypes)])

  /// Reads the document, which `_METADATA` contains as text.
  init(parsing text: String, file: String, limits: ReadLimits) throws(CoppiceError) {
    let document = try JSONDocument(
      parsing: Array(text.utf8), file: file, dialect: .python, limits: limits)
    self = try RichTypes(document.root)
  }

  private init(_ node: JSONNode) throws(CoppiceError) {
    guard node.kind == .object else {
      self = .list(try Self.nodes(try node.array()))
      return
    }
    guard let category = node["category"], category.kind == .string else {
      var members: [(name: String, node: RichTypes)] = []
      for (name, value) in node.members { members.append((name, try RichTypes(value))) }
      self = .dict(members)
      return
    }
    var reader = try JSONObjectReader(node)
    _ = reader.optional("category")
    let type = try reader.required("clazz")
    if category.stringEquals("namedtuple") {
      var fields: [(name: String, node: RichTypes)] = []
      for field in try reader.required("entries").array() {
        var field = try JSONObjectReader(field)
        let name = try field.required("key").string()
        fields.append((name, try RichTypes(try field.required("value"))))
      }
      self = .namedTuple(type: try type.string(), fields)
    } else if type.stringEquals("tuple") {
      self = .tuple(try Self.nodes(try reader.required("entries").array()))
    } else {
      var data = try JSONObjectReader(try reader.required("data"))
      self = .leaf(valueType: try data.required("value_type").string())
    }
  }

  private static func nodes(_ elements: JSONElements) throws(CoppiceError) -> [RichTypes] {
    var nodes: [RichTypes] = []
    for element in elements { nodes.append(try RichTypes(element)) }
    return nodes
  }
}
