package import CoppiceModel

/// The check of a tree before it is written, against the rules that readers enforce.
///
/// Spec: MOD-3, MOD-4, MOD-9, MOD-14, MOD-15, MOD-18, MOD-19, MOD-21, SHD-4, SHD-5.
package struct TreeCheck {
  private let limits = ReadLimits.standard
  private var leafCount = 0
  private var textBytes = 0
  /// The path from the root to the current node.
  private var path: [TreePath.Component] = []

  /// Checks a tree.
  ///
  /// - Throws: The fault of a leaf; `model.*`, `arrays.bad-shape`, `arrays.bad-prng`,
  ///   `sharding.bad-sharding`, with the path in the tree.
  package static func run(_ tree: Tree<ArrayLeaf>) throws(CoppiceError) {
    var check = TreeCheck()
    try check.visit(tree)
  }

  /// Shardings that were found to be consistent.
  private var sound: [Sharding] = []

  private init() {}

  private mutating func visit(_ node: Tree<ArrayLeaf>) throws(CoppiceError) {
    guard path.count <= limits.depth else {
      throw CoppiceError(
        .modelTooDeep, "containers are nested deeper than \(limits.depth) levels")
    }
    switch node {
    case .leaf(let leaf):
      leafCount += 1
      let metadata: ArrayMetadata
      do throws(CoppiceError) {
        // A leaf with a fault is never written, even when its metadata are known.
        _ = try leaf.source
        metadata = try leaf.metadata
      } catch {
        throw error.located(treePath: TreePath(path).description)
      }
      try check(metadata)
    case .value(let value): try check(value)
    case .dict(let entries):
      try check(count: entries.count) { entries[$0].key }
      for entry in entries { try visit(entry.node, below: .key(entry.key)) }
    case .record(let record):
      try check(count: record.fields.count) { .string(record.fields[$0].name) }
      for field in record.fields { try visit(field.node, below: .field(field.name)) }
    case .list(let nodes), .tuple(let nodes):
      for (index, node) in nodes.enumerated() { try visit(node, below: .index(index)) }
    }
  }

  private mutating func visit(
    _ node: Tree<ArrayLeaf>, below step: TreePath.Component
  ) throws(CoppiceError) {
    path.append(step)
    try visit(node)
    path.removeLast()
  }

  private func check(count: Int, _ key: (Int) -> TreeKey) throws(CoppiceError) {
    guard TreeKey.areDistinct(count: count, key) else {
      throw fault(.modelDuplicateKey, "a key is in the container twice")
    }
    for index in 0..<count {
      guard case .string(let text) = key(index), text.utf8.count > limits.componentBytes else {
        continue
      }
      throw fault(.modelKeyTooLong, "a key has at most \(limits.componentBytes) bytes")
    }
  }

  private mutating func check(_ value: TreeValue) throws(CoppiceError) {
    guard case .stringArray(let array) = value else { return }
    guard array.shape.rank <= limits.rank, array.shape.isInFormat else {
      throw fault(.arraysBadShape, "the shape is beyond the limits of the format")
    }
    switch array.elements {
    case .strings(let strings): textBytes += strings.reduce(0) { $0 + $1.utf8.count }
    case .bytes(let elements): textBytes += elements.reduce(0) { $0 + $1.count }
    }
    guard textBytes <= NodeReader.maximumTextBytes else {
      throw fault(
        .modelTextTooLarge,
        "text arrays hold more than \(NodeReader.maximumTextBytes) bytes together")
    }
  }

  private mutating func check(_ leaf: ArrayMetadata) throws(CoppiceError) {
    guard leafCount <= limits.leaves else {
      throw fault(.modelTooManyLeaves, "the tree has more than \(limits.leaves) leaves")
    }
    guard leaf.shape.rank <= limits.rank, leaf.shape.isInFormat else {
      throw fault(.arraysBadShape, "the shape is beyond the limits of the format")
    }
    if let name = leaf.prngImplementation, name.isEmpty || leaf.dtype != .uint32 {
      throw fault(
        .arraysBadPRNG, "a random-number implementation has a name and belongs to uint32 arrays")
    }
    guard let sharding = leaf.sharding else { return }
    if !sound.contains(sharding) {
      if let contradiction = sharding.contradiction {
        throw fault(
          .shardingBadSharding, "the sharding contradicts itself: \(contradiction)")
      }
      // Meshes may have very many devices, and most leaves one of a few shardings.
      if sound.count < 16 { sound.append(sharding) }
    }
    guard sharding.partition.count <= leaf.shape.rank else {
      throw fault(
        .shardingBadSharding, "the sharding divides more dimensions than the array has")
    }
  }

  private func fault(
    _ code: CoppiceError.Code, _ message: String
  ) -> CoppiceError {
    CoppiceError(code, message, at: .init(treePath: TreePath(path).description))
  }
}
