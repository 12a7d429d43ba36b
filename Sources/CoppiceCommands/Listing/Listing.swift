import CoppiceModel
import FileAccess

/// The lines of a listing: one for each leaf, value, document or file.
struct Listing {
  /// One line.
  struct Row {
    var path: String
    var type: String
    var shape: Shape?
    var bytes: Int?
    var detail: String
    var sharding: Sharding?
    var prng: String?
  }

  private(set) var rows: [Row] = []

  init(of contents: CheckpointContents) {
    switch contents.root {
    case .unnamed(let item): add(item, at: "")
    case .named(let items): for item in items { add(item.value, at: item.name.printable) }
    }
  }

  private mutating func add(_ item: Checkpointable, at path: String) {
    switch item {
    case .tree(let tree): add(tree, at: path)
    case .json: rows.append(Row(path: path, type: "json", detail: ""))
    case .files(let files):
      for file in files {
        let place = Self.join(path, file.path.printable)
        rows.append(Row(path: place, type: "file", bytes: file.bytes.byteCount, detail: ""))
      }
    case .composite(let items):
      for item in items { add(item.value, at: Self.join(path, item.name.printable)) }
    }
  }

  private mutating func add(_ node: Tree<ArrayLeaf>, at path: String) {
    switch node {
    case .leaf(let leaf):
      rows.append(
        Row(
          path: path, type: leaf.metadata.dtype.rawValue, shape: leaf.metadata.shape,
          bytes: leaf.source.byteCount, detail: "", sharding: leaf.metadata.sharding,
          prng: leaf.metadata.prngImplementation))
    case .value(let value):
      let (type, text) = Self.describe(value)
      rows.append(Row(path: path, type: type, detail: text))
    default:
      let children = node.children
      if children.isEmpty { rows.append(Row(path: path, type: Self.emptyName(node), detail: "")) }
      for child in children {
        add(child.node, at: Self.join(path, child.component.escaped.printable))
      }
    }
  }

  private static func join(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : path + "/" + name
  }

  private static func emptyName(_ node: Tree<ArrayLeaf>) -> String {
    switch node {
    case .list: "[]"
    case .tuple: "()"
    case .record(let record): "\(record.type)()"
    default: "{}"
    }
  }

  private static func describe(_ value: TreeValue) -> (type: String, text: String) {
    switch value {
    case .int(let number): ("int", cut(number.text))
    case .float(let number): ("float", FloatText.text(of: number))
    case .bool(let flag): ("bool", String(flag))
    case .complex(let real, let imaginary):
      ("complex", "\(FloatText.text(of: real)),\(FloatText.text(of: imaginary))")
    case .string(let text): ("string", "\"" + cut(text.printable) + "\"")
    case .bytes(let bytes): ("bytes", "\(bytes.count) B")
    case .none: ("none", "")
    case .texts(let array):
      if case .strings = array.elements {
        ("strings", array.shape.description)
      } else {
        ("bytes", array.shape.description)
      }
    }
  }

  private static func cut(_ text: String) -> String {
    text.count > 60 ? text.prefix(59) + "…" : text
  }
}
