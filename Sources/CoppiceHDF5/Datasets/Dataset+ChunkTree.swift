extension Dataset {
  /// Returns the chunks of the file's version-1 B-tree, in one pass: by offset, in C order.
  ///
  /// - Parameter count: The number of chunks that libhdf5 counts.
  /// - Returns: `nil` when the dataset has another index, or one with unexpected contents.
  func chunksOfTree(rank: Int, count: Int) throws(HDF5Error) -> [Chunk]? {
    let file = try FileBytes.of(object: handle.id)
    guard file.hasWideAddresses,
      let header = ObjectHeader(at: try info().address, in: file),
      let layout = header.messages.first(where: { $0.type == ChunkTree.layoutMessage }),
      let root = ChunkTree.root(layout: layout.body, rank: rank)
    else { return nil }
    var tree = ChunkTree(rank: rank, limit: count)
    return tree.visit(root, level: nil, in: file) ? tree.chunks : nil
  }
}

/// A version-1 B-tree of chunks, as the HDF5 file format specification lays it out.
private struct ChunkTree {
  static let layoutMessage: UInt8 = 0x08
  private static let maximumLevel = 16
  private static let maximumNodes = 1 << 20

  let rank: Int
  let limit: Int
  var chunks: [Chunk] = []
  private var nodes = 0

  init(rank: Int, limit: Int) {
    self.rank = rank
    self.limit = limit
  }

  /// Returns the root's address from a data layout message of version 3 that is chunked.
  static func root(layout: [UInt8], rank: Int) -> UInt64? {
    guard layout.count > 2, layout[0] == 3, layout[1] == 2, Int(layout[2]) == rank + 1 else {
      return nil
    }
    return littleEndian(layout, at: 3, count: 8)
  }

  /// Appends the chunks below a node; returns `false` when the address isn't a node's.
  mutating func visit(
    _ address: UInt64, level: Int?, in file: borrowing FileBytes
  ) -> Bool {
    nodes += 1
    guard nodes <= Self.maximumNodes, let head = file.read(at: address, count: 24),
      head.starts(with: "TREE".utf8), head[4] == 1
    else { return false }
    let nodeLevel = Int(head[5])
    let count = Int(head[6]) | Int(head[7]) << 8
    // Levels must fall by one, so a damaged tree can't cause an endless loop.
    guard nodeLevel <= Self.maximumLevel, level == nil || level == nodeLevel else { return false }
    // A key: size, mask, one offset for each dimension and one for the bytes of an element.
    let keySize = 8 + 8 * (rank + 1)
    let (start, overflow) = address.addingReportingOverflow(24)
    guard !overflow, let body = file.read(at: start, count: count * (keySize + 8)) else {
      return false
    }
    for entry in 0..<count {
      let key = entry * (keySize + 8)
      guard let child = littleEndian(body, at: key + keySize, count: 8) else { return false }
      if nodeLevel > 0 {
        guard visit(child, level: nodeLevel - 1, in: file) else { return false }
        continue
      }
      guard chunks.count < limit, let size = littleEndian(body, at: key, count: 4),
        let mask = littleEndian(body, at: key + 4, count: 4),
        let position = file.offset(of: child)
      else { return false }
      let offset = (0..<rank).compactMap { littleEndian(body, at: key + 8 + 8 * $0, count: 8) }
      chunks.append(
        Chunk(
          offset: offset, filterMask: UInt32(truncatingIfNeeded: mask),
          range: FileRange(offset: position, byteCount: size)))
    }
    return true
  }
}
