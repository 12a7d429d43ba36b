import Coppice
import CoppiceModel

/// The nodes of trees in the form that the page's script reads, and what they share.
///
/// Members have one letter, since a checkpoint has thousands of leaves: `k` key, `c` children,
/// `t` kind of a node that isn't an array, `d` dtype, `s` shape, `h` number of the sharding, `p` random-number
/// implementation, `v` value as text, `x` fault, `b` place in files, `g` counts of shards along the extents,
/// `n` statistics.
struct TreeOutline {
  let findings: ArrayFindings
  let words: @Sendable (String) -> String
  private(set) var faults: [CoppiceError] = []
  /// The files in which arrays lie, each once.
  private(set) var files = Numbering<String>()
  /// The lists of filters, each once.
  private(set) var filters = Numbering<[String]>()
  private var dtypes: Set<DType> = []
  private var known = Numbering<Sharding>()

  init(findings: ArrayFindings, words: @escaping @Sendable (String) -> String) {
    self.findings = findings
    self.words = words
  }

  /// Bytes of an element, for each dtype that occurs.
  var sizes: JSON {
    .object(dtypes.map { .init($0.rawValue, .integer($0.width)) }.sorted { $0.name < $1.name })
  }

  /// The shardings, each once.
  var shardings: JSON { .array(known.list.map(Self.json)) }

  /// Returns the description of a tree.
  mutating func describe(_ tree: Tree<ArrayLeaf>, at place: String) -> JSON {
    .object(members(of: tree, at: place, TreePath()))
  }

  private mutating func members(
    of node: Tree<ArrayLeaf>, at place: String, _ path: TreePath
  ) -> [JSON.Member] {
    switch node {
    case .leaf(let leaf): return members(of: leaf, at: place, path)
    case .value(let value):
      return [
        .init("t", .string(value.kindName)),
        .init("v", .string(value.description.printable(keepingEndsOf: 400))),
      ]
    default:
      var children: [JSON] = []
      for child in node.children {
        let key = child.component.escaped
        let inner = members(
          of: child.node, at: place.isEmpty ? key : place + "/" + key,
          TreePath(path.components + [child.component]))
        children.append(.object([.init("k", .string(key.printable))] + inner))
      }
      let kind = JSON.Member("t", .string(node.kindName))
      return children.isEmpty ? [kind] : [kind, .init("c", .array(children))]
    }
  }

  private mutating func members(
    of leaf: ArrayLeaf, at place: String, _ path: TreePath
  ) -> [JSON.Member] {
    var members: [JSON.Member] = []
    if let metadata = try? leaf.metadata {
      dtypes.insert(metadata.dtype)
      members.append(.init("d", .string(metadata.dtype.rawValue)))
      members.append(.init("s", .array(metadata.shape.dimensions.map { .integer($0) })))
      if let sharding = metadata.sharding {
        members.append(.init("h", .integer(known.number(of: sharding))))
      }
      if let random = metadata.prngImplementation {
        members.append(.init("p", .string(random.printable)))
      }
      members += storage(of: leaf, at: path)
      if let found = findings.json(at: place) { members.append(.init("n", found)) }
    }
    guard let fault = leaf.fault else { return members }
    if fault.kind == .damaged { faults.append(fault.error.located(treePath: place)) }
    if members.isEmpty { members.append(.init("t", .string(fault.kind.rawValue))) }
    members.append(.init("x", .string("\(fault.kind.rawValue): \(words(fault.error.message))")))
    return members
  }

  /// Returns where the bytes lie: file, offset, stored bytes, filters, and the number of places.
  private mutating func storage(of leaf: ArrayLeaf, at path: TreePath) -> [JSON.Member] {
    guard let places = try? leaf.places(at: path), let first = places.first else { return [] }
    let sizes = places.compactMap(\.byteCount)
    let stored = sizes.count == places.count ? JSON.integer(sizes.reduce(0, +)) : .null
    var members = [
      JSON.Member(
        "b",
        .array([
          .integer(files.number(of: first.file)), first.offset.map { .integer($0) } ?? .null,
          stored, .integer(filters.number(of: first.filters)), .integer(places.count),
        ]))
    ]
    let boxes = places.compactMap(\.box)
    if let box = boxes.first {
      let counts = box.offset.indices.map { dimension in
        Set(boxes.map { $0.offset[dimension] }).count
      }
      members.append(.init("g", .array(counts.map { .integer($0) })))
    }
    return members
  }

  private static func json(of sharding: Sharding) -> JSON {
    if let device = sharding.device {
      return .object([.init("device", .string(device.printable))])
    }
    let axes = zip(sharding.axisNames, sharding.axisSizes).map { name, size in
      JSON.array([.string(name.printable), .integer(size)])
    }
    let partition = sharding.partition.map { axes in
      JSON.array(axes.map { .string($0.printable) })
    }
    return .object([.init("axes", .array(axes)), .init("partition", .array(partition))])
  }
}

extension Tree {
  /// The kind of a container as the page names it.
  fileprivate var kindName: String {
    switch self {
    case .dict: "dict"
    case .list: "list"
    case .tuple: "tuple"
    case .record(let record): record.type.printable
    case .value, .leaf: ""
    }
  }
}
