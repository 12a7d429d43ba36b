import Coppice

/// The rows of a listing: one for each leaf, value, document or file, or for a fault in its place.
struct Listing {
  /// One line.
  struct Row {
    var path: String
    var type: String
    var shape: Shape?
    var bytes: Int?
    var detail: String = ""
    var sharding: Sharding?
    var prng: String?
    var fault: LeafFault?
  }

  private(set) var rows: [Row] = []

  /// The faults of everything that is damaged.
  private(set) var faults: [CoppiceError] = []

  /// Lists the node or checkpoint at an address, and opens nothing else.
  ///
  /// - Throws: The errors of `CheckpointAddress.node`; `io.*`.
  init(of contents: CheckpointContents, at address: CheckpointAddress? = nil) throws(CoppiceError) {
    if let node = try address?.node(in: contents) {
      try add(node.item, at: node.place.printable)
      return
    }
    switch contents.root {
    case .unnamed(let item): try add(item, at: "")
    case .named(let items): for item in items { try add(item, at: item.name.printable) }
    }
  }

  private mutating func add(
    _ item: NamedCheckpointable, at path: String
  ) throws(CoppiceError) {
    do throws(CoppiceError) {
      let opened = try item.listed
      try add(opened.value, at: path)
      if let fault = opened.fault { add(fault, ofCheckpointable: path) }
    } catch {
      guard error.isDamage else { throw error }
      add(error, ofCheckpointable: path)
    }
  }

  private mutating func add(_ fault: CoppiceError, ofCheckpointable path: String) {
    rows.append(Row(path: path, type: "damaged", fault: LeafFault(.damaged, fault)))
    // A fault that names a file is in its place already.
    faults.append(fault.location.file?.isEmpty ?? true ? fault.located(treePath: path) : fault)
  }

  private mutating func add(_ item: Checkpointable, at path: String) throws(CoppiceError) {
    switch item {
    case .tree(let tree): add(tree, at: path)
    case .json: rows.append(Row(path: path, type: "json"))
    case .files(let files):
      for file in files {
        let place = Self.join(path, file.path.printable)
        rows.append(Row(path: place, type: "file", bytes: file.bytes.byteCount))
      }
    case .composite(let items):
      for item in items { try add(item, at: Self.join(path, item.name.printable)) }
    }
  }

  private mutating func add(_ node: Tree<ArrayLeaf>, at path: String) {
    switch node {
    case .leaf(let leaf): add(leaf, at: path)
    case .value(let value):
      let (type, text) = Self.describe(value)
      rows.append(Row(path: path, type: type, detail: text))
    default:
      let children = node.children
      if children.isEmpty { rows.append(Row(path: path, type: Self.emptyName(node))) }
      for child in children {
        add(child.node, at: Self.join(path, child.component.escaped.printable))
      }
    }
  }

  private mutating func add(_ leaf: ArrayLeaf, at path: String) {
    guard let metadata = try? leaf.metadata else {
      return add(leaf.fault ?? LeafFault(.damaged, .init(.statusNo, "")), at: path)
    }
    var row = Row(
      path: path, type: metadata.dtype.rawValue, shape: metadata.shape,
      bytes: metadata.shape.byteCount(of: metadata.dtype), sharding: metadata.sharding,
      prng: metadata.prngImplementation)
    if let fault = leaf.fault {
      row.fault = fault
      note(fault, at: path)
    }
    rows.append(row)
  }

  /// Adds a row for a leaf that can't be described.
  private mutating func add(_ fault: LeafFault, at path: String) {
    rows.append(Row(path: path, type: fault.kind.rawValue, fault: fault))
    note(fault, at: path)
  }

  private mutating func note(_ fault: LeafFault, at path: String) {
    if fault.kind == .damaged { faults.append(fault.error.located(treePath: path)) }
  }

  private static func join(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : path + "/" + name
  }

  private static func emptyName(_ node: Tree<ArrayLeaf>) -> String {
    switch node {
    case .list: "[]"
    case .tuple: "()"
    case .record(let record): "\(record.type.printable)()"
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
    case .null: ("none", "")
    case .stringArray(let array):
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
