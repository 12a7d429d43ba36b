import CoppiceModel
import CoppiceTestSupport

/// Trees with something of everything, the same for the same seed.
struct GeneratedTrees {
  private var generator: TreeGenerator

  init(seed: UInt64) { generator = TreeGenerator(seed: seed, extent: 3) }

  /// Names with a meaning in some format, or that look like another name when escaped.
  private static let reservedKeys: [TreeKey] = [
    "__metadata__", "__msgpack_chunked_array__", "__tuple__", "arr_0.npy", "a.b", "a/b", "a", "0",
    0, 17, "data.json", "%0", "é", "e\u{301}", "~0", "..", "_METADATA", "x\\y", "\u{1F332}",
  ]

  /// A tree of every element type and rank, every kind of container and value, and odd keys.
  mutating func tree() throws -> Tree<ArrayLeaf> {
    var arrays: [Tree<ArrayLeaf>.Entry] = []
    for (index, dtype) in DType.allCases.enumerated() {
      let dimensions = (0..<(index % 5)).map { dimension in (index + 2 * dimension) % 4 }
      let array = try generator.array(dtype, dimensions)
      arrays.append(.init(.string(dtype.rawValue), .leaf(ArrayLeaf(array))))
    }
    var reserved: [Tree<ArrayLeaf>.Entry] = []
    for key in Self.reservedKeys {
      reserved.append(.init(key, .leaf(ArrayLeaf(try generator.array()))))
    }
    let leaf: Tree<ArrayLeaf> = .leaf(ArrayLeaf(try generator.array(.float32, [2])))
    return .dict([
      .init("random", try generator.tree().mapLeaves { _, array in ArrayLeaf(array) }),
      .init("arrays", .dict(arrays)), .init("reserved", .dict(reserved)),
      .init("place", .value(.string("//GDAPlaceholder:x"))),
      .init("key", .leaf(try randomKey())), .init("spread", .leaf(try spread())),
      .init("list", .list([leaf, .list([]), .tuple([]), .dict([]), .value(.null)])),
      .init("tuple", .tuple([.list([leaf]), .record(.init(type: "Empty", fields: []))])),
    ])
  }

  private mutating func randomKey() throws -> ArrayLeaf {
    ArrayLeaf(try generator.array(.uint32, [2]), prngImplementation: "threefry2x32")
  }

  private mutating func spread() throws -> ArrayLeaf {
    ArrayLeaf(
      try generator.array(.int8, [4, 2]),
      sharding: Sharding(
        axisNames: ["x", "y"], axisSizes: [2, 2], partition: [["x", "y"], []],
        devices: [0, 1, 2, 3]))
  }
}

extension Tree {
  /// The tree without the node at a path, given as text; an element of a text array goes with it.
  ///
  /// - Returns: `nil` when there is no such node.
  func without(_ text: String) -> Tree? {
    let shorter = removing(text, at: TreePath())
    guard shorter.nodeCount == nodeCount else { return shorter }
    return text.lastIndex(of: "/").flatMap { without(String(text[..<$0])) }
  }

  /// The nodes, this one among them.
  private var nodeCount: Int { children.reduce(1) { $0 + $1.node.nodeCount } }

  private func removing(_ text: String, at path: TreePath) -> Tree {
    func kept(_ component: TreePath.Component) -> Bool {
      !path.appending(component).description.utf8.elementsEqual(text.utf8)
    }
    switch self {
    case .dict(let entries):
      return .dict(
        entries.filter { kept(.key($0.key)) }.map {
          .init($0.key, $0.node.removing(text, at: path.appending(.key($0.key))))
        })
    case .list(let nodes): return .list(Self.removing(text, from: nodes, at: path))
    case .tuple(let nodes): return .tuple(Self.removing(text, from: nodes, at: path))
    case .record(let record):
      let fields: [Field] = record.fields.filter { kept(.field($0.name)) }.map {
        .init($0.name, $0.node.removing(text, at: path.appending(.field($0.name))))
      }
      return .record(.init(type: record.type, fields: fields))
    case .value, .leaf: return self
    }
  }

  private static func removing(_ text: String, from nodes: [Tree], at path: TreePath) -> [Tree] {
    nodes.enumerated().filter {
      !path.appending(.index($0.offset)).description.utf8.elementsEqual(text.utf8)
    }.map {
      $0.element.removing(text, at: path.appending(.index($0.offset)))
    }
  }
}
