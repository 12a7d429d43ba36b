import CoppiceFiles
import CoppiceModel
import CoppiceZarr
import Synchronization

/// The B+tree of a database's newest version.
final class BTree: Sendable {
  private let files: OpenFiles
  private let root: NodeReference?
  private let manifestPlace: String
  private let decodedLimit: Int
  private let limits: ReadLimits
  /// The location of a decoded node.
  ///
  /// Nodes name files relative to `transitive`, so it is part of the key.
  private struct NodeKey: Hashable {
    var path: [UInt8]
    var offset: Int
    var transitive: [UInt8]
  }

  private let cache = RecentCache<NodeKey, BTreeNode>(mostCost: 64 << 20)
  /// All keys with their values, once `keys` has been called.
  private let index = Mutex<KeyIndex?>(nil)

  init(files: OpenFiles, manifest: OCDBTManifest, place: String, limits: ReadLimits) {
    self.files = files
    self.root = manifest.root
    self.manifestPlace = place
    self.limits = limits
    // A node with a single large entry may exceed the size that the writer was told to keep to.
    let stated = min(manifest.maxDecodedNodeBytes, OCDBTRecord.mostBytes)
    self.decodedLimit = min(max(2 * stated, 16 << 20), OCDBTRecord.mostBytes)
  }

  /// Reads the root, so that opening a damaged database fails.
  func checkRoot() throws(CoppiceError) {
    guard let root else { return }
    guard root.height <= limits.depth else {
      throw CoppiceError(
        .ocdbtMalformed,
        "the tree is \(root.height) nodes high, which no database is; the file is damaged",
        at: .init(file: manifestPlace))
    }
    _ = try node(root)
  }

  /// Returns the node at a location, whose keys are between those that the node above states.
  ///
  /// Otherwise a lookup, which descends to one node, would miss keys that a listing finds.
  private func node(_ reference: NodeReference) throws(CoppiceError) -> BTreeNode {
    let node = try decodedNode(reference)
    guard !node.key(0).lexicographicallyPrecedes(reference.firstKey),
      reference.endKey.map({ node.key(node.count - 1).lexicographicallyPrecedes($0) }) ?? true
    else {
      throw CoppiceError(
        .ocdbtMalformed,
        "the B+tree node has keys that the node above places elsewhere; the file is damaged",
        at: .init(file: files.displayName(reference.path), offset: reference.offset))
    }
    return node
  }

  /// Returns the node at a location, from the cache or the file.
  private func decodedNode(_ reference: NodeReference) throws(CoppiceError) -> BTreeNode {
    let key = NodeKey(
      path: reference.path, offset: reference.offset, transitive: reference.transitive)
    if let node = cache.value(key), node.height == reference.height { return node }
    let location = CoppiceError.Location(
      file: files.displayName(reference.path), offset: reference.offset)
    guard reference.length <= OCDBTRecord.mostBytes else {
      throw CoppiceError(
        .ocdbtTooLarge,
        "the B+tree node has \(reference.length) bytes; at most \(OCDBTRecord.mostBytes) are read",
        at: location)
    }
    let source = StoredBytes(
      files: files, path: reference.path, start: reference.offset, byteCount: reference.length)
    let file = try files.dataFile(at: reference.path)
    guard reference.length <= file.byteCount else {
      throw CoppiceError(
        .ocdbtTruncated, "the file ends before the B+tree node does; it is incomplete", at: location
      )
    }
    var record = [UInt8](repeating: 0, count: reference.length)
    var span = record.mutableSpan
    var bytes = unsafe span.mutableBytes
    try source.read(at: 0, into: &bytes)
    let body = try OCDBTRecord.body(of: record, .node, limit: decodedLimit, at: location)
    let node = try BTreeNode(body, of: reference, limits: limits, at: location)
    cache.insert(node, for: key, cost: node.byteCount)
    return node
  }

  /// Returns the reference to a child of an interior node, itself at `reference`.
  private func child(
    _ position: Int, _ children: [BTreeNode.Child], of node: BTreeNode, at reference: NodeReference
  ) -> NodeReference {
    let child = children[position]
    let file = node.files.entries[Int(child.file)]
    let key = node.key(position)
    let common = key.prefix(Int(child.commonPrefix))
    // A following key without the prefix is above all keys with it.
    let next = position + 1 < node.count ? node.key(position + 1) : reference.endKey
    return NodeReference(
      path: file.path, transitive: file.base, offset: child.offset, length: child.length,
      height: node.height - 1, firstKey: key.dropFirst(common.count),
      endKey: next.flatMap { $0.starts(with: common) ? $0.dropFirst(common.count) : nil })
  }

  /// Returns the bytes of a value.
  private func source(_ value: BTreeNode.StoredValue, of node: BTreeNode) -> any ByteSource {
    if let file = value.file {
      return StoredBytes(
        files: files, path: node.files.entries[Int(file)].path, start: value.offset,
        byteCount: value.length)
    }
    return MemoryBytes(Array(node.body[value.offset..<(value.offset + value.length)]))
  }
}

extension BTree {
  /// Returns the value of a key.
  func value(of key: StoreKey) throws(CoppiceError) -> (any ByteSource)? {
    if let index = index.withLock({ $0 }) {
      guard let place = index.find(key) else { return nil }
      return source(place.value, of: place.node)
    }
    guard var reference = root else { return nil }
    var rest = key[...]
    while true {
      let node = try node(reference)
      var position = node.lowerBound(rest)
      switch node.content {
      case .leaf(let values):
        guard position < node.count, node.key(position) == rest else { return nil }
        return source(values[position], of: node)
      case .interior(let children):
        // Take the last child whose first key is not above the key.
        if position == node.count || node.key(position) != rest { position -= 1 }
        guard position >= 0 else { return nil }
        let common = node.key(position).prefix(Int(children[position].commonPrefix))
        guard rest.starts(with: common) else { return nil }
        rest = rest.dropFirst(common.count)
        reference = child(position, children, of: node, at: reference)
      }
    }
  }

  /// Returns the keys that begin with a prefix.
  func keys(under prefix: StoreKey) throws(CoppiceError) -> [StoreKey] {
    if let index = index.withLock({ $0 }) { return index.keys(under: prefix) }
    var found = KeyIndex(limits: limits, place: manifestPlace)
    if let root { try collect(root, [], prefix, &found) }
    if prefix.isEmpty {
      let whole = found
      index.withLock { $0 = whole }
    }
    return found.keys(under: [])
  }

  /// Adds the keys below a node that begin with a prefix.
  private func collect(
    _ reference: NodeReference, _ path: StoreKey, _ prefix: StoreKey, _ found: inout KeyIndex
  ) throws(CoppiceError) {
    let node = try node(reference)
    try found.spend(node.byteCount)
    // The rest of the prefix, which the keys of this node must still match.
    let wanted = prefix.dropFirst(path.count)
    switch node.content {
    case .leaf(let values):
      var position = node.lowerBound(wanted)
      while position < node.count, node.key(position).starts(with: wanted) {
        try found.append(path + node.key(position), node, values[position])
        position += 1
      }
    case .interior(let children):
      var position = node.lowerBound(wanted)
      if position > 0 { position -= 1 }
      while position < node.count {
        let key = node.key(position)
        let common = key.prefix(Int(children[position].commonPrefix))
        guard !wanted.lexicographicallyPrecedes(key) || key.starts(with: wanted) else { break }
        if common.starts(with: wanted) || wanted.starts(with: common) {
          let below = child(position, children, of: node, at: reference)
          try collect(below, path + common, prefix, &found)
        }
        position += 1
      }
    }
  }
}
