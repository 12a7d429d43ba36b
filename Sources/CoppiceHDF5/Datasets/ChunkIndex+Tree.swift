extension ChunkIndex {
  /// The shape of a version-2 B-tree, which follows from its header.
  private struct Nodes {
    var byteCount: Int
    var record: Int
    var type: UInt8
    /// The width of a child's number of records.
    var count: Int
    /// The width of the number of all records below a child, by level.
    var total: [Int]
    /// The most records of a node, by level.
    var most: [Int]
  }

  private static let maximumDepth = 16
  private static let maximumNodes = 1 << 20

  mutating func listTree(at address: UInt64, in file: borrowing FileBytes) -> Bool {
    guard let head = file.read(at: address, count: 34), head.starts(with: "BTHD".utf8),
      head[4] == 0, head[5] == (isFiltered ? 11 : 10),
      let byteCount = littleEndian(head, at: 6, count: 4), byteCount <= FileBytes.maximumCount,
      let record = littleEndian(head, at: 10, count: 2),
      let depth = littleEndian(head, at: 12, count: 2), depth <= Self.maximumDepth,
      let root = littleEndian(head, at: 16, count: 8),
      let records = littleEndian(head, at: 24, count: 2),
      let nodes = Self.nodes(Int(byteCount), Int(record), head[5], depth: Int(depth))
    else { return false }
    if root == .max { return true }
    var left = Self.maximumNodes
    return list(nodes, root, Int(records), level: Int(depth), &left, in: file)
  }

  private static func nodes(
    _ byteCount: Int, _ record: Int, _ type: UInt8, depth: Int
  ) -> Nodes? {
    // A signature, a version, a type, and a checksum.
    let overhead = 10
    guard record > 0, byteCount > overhead, case let leaf = (byteCount - overhead) / record,
      leaf > 0
    else { return nil }
    var nodes = Nodes(
      byteCount: byteCount, record: record, type: type, count: encodedWidth(upTo: UInt64(leaf)),
      total: [0], most: [leaf])
    var all = UInt64(leaf)
    for level in 1..<max(depth + 1, 1) {
      let pointer = 8 + nodes.count + nodes.total[level - 1]
      guard byteCount > overhead + pointer,
        case let most = (byteCount - overhead - pointer) / (record + pointer), most > 0,
        case let (product, overflow) = all.multipliedReportingOverflow(by: UInt64(most + 1)),
        !overflow, case let (sum, carry) = product.addingReportingOverflow(UInt64(most)), !carry
      else { return nil }
      all = sum
      nodes.most.append(most)
      nodes.total.append(encodedWidth(upTo: all))
    }
    return nodes
  }

  private mutating func list(
    _ nodes: Nodes, _ address: UInt64, _ records: Int, level: Int, _ left: inout Int,
    in file: borrowing FileBytes
  ) -> Bool {
    left -= 1
    guard left >= 0, records <= nodes.most[level],
      let node = file.read(at: address, count: nodes.byteCount),
      node.starts(with: (level == 0 ? "BTLF" : "BTIN").utf8), node[4] == 0, node[5] == nodes.type
    else { return false }
    for index in 0..<records {
      guard append(node, record: 6 + index * nodes.record, nodes.record, in: file) else {
        return false
      }
    }
    guard level > 0 else { return true }
    let width = 8 + nodes.count + nodes.total[level - 1]
    for index in 0...records {
      let place = 6 + records * nodes.record + index * width
      guard let child = littleEndian(node, at: place, count: 8),
        let count = littleEndian(node, at: place + 8, count: nodes.count).flatMap({
          Int(exactly: $0)
        }),
        list(nodes, child, count, level: level - 1, &left, in: file)
      else { return false }
    }
    return true
  }

  private mutating func append(
    _ node: [UInt8], record place: Int, _ width: Int, in file: borrowing FileBytes
  ) -> Bool {
    let rank = dimensions.count
    guard let sizeWidth = sizeWidth(ofElement: width - 8 * rank) else { return false }
    var offset: [UInt64] = []
    for dimension in 0..<rank {
      guard let scaled = littleEndian(node, at: place + width - 8 * (rank - dimension), count: 8),
        case let (start, overflow) = scaled.multipliedReportingOverflow(by: chunk[dimension]),
        !overflow
      else { return false }
      offset.append(start)
    }
    return append(node, at: place, sizeWidth: sizeWidth, offset: offset, in: file)
  }
}
