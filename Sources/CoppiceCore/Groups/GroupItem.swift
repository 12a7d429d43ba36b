import CoppiceFormat
import CoppiceModel
import CoppiceProcessGroup
import CoppiceStorage

/// A checkpointable of a save by a group, as this rank has it.
package struct GroupItem: Sendable {
  /// The ways in which the ranks share the work.
  enum Content: Sendable {
    /// A tree whose arrays lie on the ranks as the holdings say, one for each leaf.
    case tree(Tree<ArrayLeaf>, [GlobalArray])
    /// A value that rank 0 saves.
    case primary(Checkpointable)
    /// A value that each rank saves for itself.
    case eachRank(Checkpointable)
  }

  var name: String
  var content: Content

  /// Makes the checkpointable of a value.
  ///
  /// - Throws: `handler.none`, `handler.failed`.
  init(
    _ name: String, _ value: any Sendable, _ handlers: HandlerRegistry
  ) async throws(CoppiceError) {
    self.name = name
    if let tree = value as? Tree<GlobalArray> {
      content = .tree(tree.replacingLeaves { .leaf($0.asLeaf) }, tree.leaves.map(\.leaf))
      return
    }
    if let each = value as? EachRank {
      content = .eachRank(try await handlers.save(each.value, as: name))
      return
    }
    let item = try await handlers.save(value, as: name)
    guard case .tree(let tree) = item else {
      content = .primary(item)
      return
    }
    content = .tree(tree, [])
  }

  /// Takes the state of values, which may change again afterwards.
  ///
  /// - Throws: `handler.none`, `handler.failed`.
  package static func take(
    _ values: NamedValues<any Sendable>, _ handlers: HandlerRegistry
  ) async throws(CoppiceError) -> [GroupItem] {
    var items: [GroupItem] = []
    for (name, value) in values { items.append(try await GroupItem(name, value, handlers)) }
    return items
  }

  /// The checkpointable in a form in which its arrays can be cast.
  var named: NamedCheckpointable {
    switch content {
    case .tree(let tree, _): NamedCheckpointable(name, .tree(tree))
    case .primary(let item), .eachRank(let item): NamedCheckpointable(name, item)
    }
  }

  /// Takes what became of the arrays.
  mutating func take(_ item: Checkpointable) {
    switch (content, item) {
    case (.tree(_, let arrays), .tree(let tree)): content = .tree(tree, arrays)
    case (.eachRank, _): content = .eachRank(item)
    default: content = .primary(item)
    }
  }
}

/// A rank's description of a tree for rank 0: whether it is the same tree, and what the rank holds of it.
struct TreeDescription {
  /// The digest of what must be the same on all ranks.
  var signature: UInt64
  /// For each leaf that isn't the same on all ranks, the boxes of the rank or the positions of its
  /// devices.
  var holdings: [Holding]

  enum Holding {
    case replicated
    case devices([Int])
    case boxes([ArrayBox])
  }

  init(_ tree: Tree<ArrayLeaf>, _ arrays: [GlobalArray]) throws(CoppiceError) {
    signature = try GroupTreeWriter.signature(of: tree).bits
    holdings = arrays.map { array in
      switch array.holding {
      case .replicated: .replicated
      case .devices(let positions): .devices(positions)
      case .boxes: .boxes(array.boxes.map(\.box))
      }
    }
  }

  init?(_ reader: inout MessageReader) {
    guard let bits = reader.integer(), let count = reader.integer(), count >= 0 else { return nil }
    signature = UInt64(bitPattern: Int64(bits))
    holdings = []
    for _ in 0..<count {
      switch reader.byte() {
      case 0: holdings.append(.replicated)
      case 1:
        guard let positions = reader.integers() else { return nil }
        holdings.append(.devices(positions))
      case 2:
        guard let boxCount = reader.integer(), boxCount >= 0 else { return nil }
        var boxes: [ArrayBox] = []
        for _ in 0..<boxCount {
          guard let offset = reader.integers(), let extents = reader.integers(),
            let shape = Shape(extents), let box = ArrayBox(offset: offset, shape: shape)
          else { return nil }
          boxes.append(box)
        }
        holdings.append(.boxes(boxes))
      default: return nil
      }
    }
  }

  func write(to writer: inout MessageWriter) {
    writer.write(Int(Int64(bitPattern: signature)))
    writer.write(holdings.count)
    for holding in holdings {
      switch holding {
      case .replicated: writer.write(UInt8(0))
      case .devices(let positions):
        writer.write(UInt8(1))
        writer.write(integers: positions)
      case .boxes(let boxes):
        writer.write(UInt8(2))
        writer.write(boxes.count)
        for box in boxes {
          writer.write(integers: box.offset)
          writer.write(integers: box.shape.dimensions)
        }
      }
    }
  }
}
