import CoppiceModel
import CoppiceZarr

/// An encoder of a database's B+tree from its sorted keys.
struct BTreeNodeEncoder {
  /// A key with its value.
  struct Entry {
    enum Value {
      case inline([UInt8])
      case stored(file: Int, offset: Int, count: Int)
    }

    var key: StoreKey
    var value: Value
  }

  /// A node that was written.
  struct Node {
    var firstKey: StoreKey
    var height: Int
    var offset: Int
    var length: Int
    var keyCount: Int
    /// The size of this node and all nodes below, then that of the values outside of nodes.
    var treeBytes: Int
    var valueBytes: Int
  }

  /// The paths of all files.
  let paths: [[UInt8]]
  /// The file that holds the nodes.
  let nodeFile: Int
  /// The most bytes of a node; a single entry may be larger.
  let nodeBytes: Int

  /// Encodes the tree from its leaves up.
  ///
  /// - Parameter write: Stores a record, and returns its location.
  /// - Returns: The root; `nil` for a database without keys.
  func encode(
    _ entries: [Entry], _ write: ([UInt8]) throws(CoppiceError) -> Int
  ) throws(CoppiceError) -> Node? {
    var nodes: [Node] = []
    for group in split(entries, size: Self.size) {
      var node = Node(
        firstKey: group.first?.key ?? [], height: 0, offset: 0, length: 0, keyCount: group.count,
        treeBytes: 0, valueBytes: group.reduce(0) { $0 + $1.value.storedCount })
      try add(leaf(group), to: &node, write)
      nodes.append(node)
    }
    while nodes.count > 1 {
      var above: [Node] = []
      for group in split(nodes, size: { $0.firstKey.count + 24 }) {
        var node = Node(
          firstKey: group.first?.firstKey ?? [], height: (group.first?.height ?? 0) + 1, offset: 0,
          length: 0, keyCount: group.reduce(0) { $0 + $1.keyCount },
          treeBytes: group.reduce(0) { $0 + $1.treeBytes },
          valueBytes: group.reduce(0) { $0 + $1.valueBytes })
        try add(interior(group, height: node.height), to: &node, write)
        above.append(node)
      }
      nodes = above
    }
    return nodes.first
  }

  private func add(
    _ record: [UInt8], to node: inout Node, _ write: ([UInt8]) throws(CoppiceError) -> Int
  ) throws(CoppiceError) {
    node.offset = try write(record)
    node.length = record.count
    node.treeBytes += record.count
  }

  /// Cuts a level into nodes; each has at least two entries, so that every level is smaller.
  private func split<Item>(_ items: [Item], size: (Item) -> Int) -> [ArraySlice<Item>] {
    var groups: [ArraySlice<Item>] = []
    var start = 0
    var bytes = 0
    for (index, item) in items.enumerated() {
      let count = size(item)
      if index - start >= 2, bytes + count > nodeBytes {
        groups.append(items[start..<index])
        start = index
        bytes = 0
      }
      bytes += count
    }
    if start < items.count { groups.append(items[start...]) }
    return groups
  }

  private static func size(_ entry: Entry) -> Int {
    if case .inline(let bytes) = entry.value { return entry.key.count + bytes.count + 8 }
    return entry.key.count + 16
  }

  private func leaf(_ entries: ArraySlice<Entry>) -> [UInt8] {
    var record = RecordEncoder(.node)
    record.byte(0)
    let files = Set(entries.compactMap(\.value.file)).sorted()
    record.files(files.map { paths[$0] })
    keys(entries.map(\.key), prefixes: nil, to: &record)
    record.column(entries.map(\.value.count))
    record.raw(entries.map { $0.value.file == nil ? 0 : 1 })
    record.column(entries.compactMap { $0.value.file.flatMap(files.firstIndex(of:)) })
    record.column(entries.compactMap(\.value.offset))
    for entry in entries { if case .inline(let bytes) = entry.value { record.raw(bytes) } }
    return record.finish()
  }

  private func interior(_ nodes: ArraySlice<Node>, height: Int) -> [UInt8] {
    var record = RecordEncoder(.node)
    record.byte(UInt8(clamping: height))
    record.files([paths[nodeFile]])
    // The nodes below have their keys written out, so no prefix is shared with this node.
    keys(nodes.map(\.firstKey), prefixes: nodes.map { _ in 0 }, to: &record)
    record.column(nodes.map { _ in 0 })
    record.column(nodes.map(\.offset))
    record.column(nodes.map(\.length))
    record.column(nodes.map(\.keyCount))
    record.column(nodes.map(\.treeBytes))
    record.column(nodes.map(\.valueBytes))
    return record.finish()
  }

  /// Writes the number of keys, and each key without the bytes that it shares with the one before.
  private func keys(_ keys: [StoreKey], prefixes: [Int]?, to record: inout RecordEncoder) {
    var shared = [0]
    for (previous, key) in zip(keys, keys.dropFirst()) {
      shared.append(zip(previous, key).prefix { $0 == $1 }.count)
    }
    record.varint(keys.count)
    record.column(shared.dropFirst())
    record.column(zip(keys, shared).map { $0.count - $1 })
    if let prefixes { record.column(prefixes) }
    for (key, count) in zip(keys, shared) { record.raw(key.dropFirst(count)) }
  }
}

extension BTreeNodeEncoder.Entry.Value {
  fileprivate var file: Int? { if case .stored(let file, _, _) = self { file } else { nil } }
  fileprivate var offset: Int? { if case .stored(_, let offset, _) = self { offset } else { nil } }

  fileprivate var count: Int {
    switch self {
    case .inline(let bytes): bytes.count
    case .stored(_, _, let count): count
    }
  }

  fileprivate var storedCount: Int { file == nil ? 0 : count }
}
