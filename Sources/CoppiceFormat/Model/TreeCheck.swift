package import CoppiceModel

/// What a tree must keep to be written: readers refuse anything else.
///
/// Spec: MOD-3, MOD-4, MOD-9, MOD-14, MOD-15, MOD-18, MOD-19, MOD-21, SHD-4, SHD-5.
package struct TreeCheck {
  private let limits = ReadLimits.standard
  private var leafCount = 0
  private var textBytes = 0

  /// Checks a tree.
  ///
  /// - Throws: `model.*`, `arrays.bad-shape`, `arrays.bad-prng`, `sharding.bad-sharding`, with the
  ///   path in the tree.
  package static func run(_ tree: Tree<ArrayLeaf>) throws(CoppiceError) {
    var check = TreeCheck()
    try check.visit(tree, at: TreePath())
  }

  private init() {}

  private mutating func visit(
    _ node: Tree<ArrayLeaf>, at path: TreePath
  ) throws(CoppiceError) {
    guard path.components.count <= limits.depth else {
      throw CoppiceError(
        .modelTooDeep, "containers are nested deeper than \(limits.depth) levels")
    }
    switch node {
    case .leaf(let leaf):
      leafCount += 1
      try check(leaf.metadata, at: path)
    case .value(let value): try check(value, at: path)
    case .dict(let entries): try check(entries.map(\.key), at: path)
    case .record(let record): try check(record.fields.map { .string($0.name) }, at: path)
    case .list, .tuple: break
    }
    for (component, child) in node.children { try visit(child, at: path.appending(component)) }
  }

  private func check(_ keys: [TreeKey], at path: TreePath) throws(CoppiceError) {
    guard Set(keys).count == keys.count else {
      throw fault(.modelDuplicateKey, "a key is in the container twice", path)
    }
    for case .string(let text) in keys where text.utf8.count > limits.componentBytes {
      throw fault(.modelKeyTooLong, "a key has at most \(limits.componentBytes) bytes", path)
    }
  }

  private mutating func check(_ value: TreeValue, at path: TreePath) throws(CoppiceError) {
    guard case .texts(let array) = value else { return }
    guard array.shape.rank <= limits.rank, array.shape.isInFormat else {
      throw fault(.arraysBadShape, "the shape is beyond the limits of the format", path)
    }
    switch array.elements {
    case .strings(let strings): textBytes += strings.reduce(0) { $0 + $1.utf8.count }
    case .bytes(let elements): textBytes += elements.reduce(0) { $0 + $1.count }
    }
    guard textBytes <= NodeReader.maximumTextBytes else {
      throw fault(
        .modelTextTooLarge,
        "text arrays hold more than \(NodeReader.maximumTextBytes) bytes together", path)
    }
  }

  private func check(_ leaf: ArrayMetadata, at path: TreePath) throws(CoppiceError) {
    guard leafCount <= limits.leaves else {
      throw fault(.modelTooManyLeaves, "the tree has more than \(limits.leaves) leaves", path)
    }
    guard leaf.shape.rank <= limits.rank, leaf.shape.isInFormat else {
      throw fault(.arraysBadShape, "the shape is beyond the limits of the format", path)
    }
    if let name = leaf.prngImplementation, name.isEmpty || leaf.dtype != .uint32 {
      throw fault(
        .arraysBadPRNG, "a random-number implementation has a name and belongs to uint32 arrays",
        path)
    }
    guard let sharding = leaf.sharding else { return }
    if let contradiction = sharding.contradiction {
      throw fault(
        .shardingBadSharding, "the sharding contradicts itself: \(contradiction)", path)
    }
    guard sharding.partition.count <= leaf.shape.rank else {
      throw fault(
        .shardingBadSharding, "the sharding divides more dimensions than the array has", path)
    }
  }

  private func fault(
    _ code: CoppiceError.Code, _ message: String, _ path: TreePath
  ) -> CoppiceError {
    CoppiceError(code, message, at: .init(treePath: path.description))
  }
}
