package import CoppiceFiles
package import CoppiceModel

extension FlaxPlan {
  private static let copyBytes = 8 << 20

  /// Writes the file, which exists and is empty; arrays are copied on all processors.
  ///
  /// - Throws: `operation.cancelled`, `io.*`, and what the sources throw.
  package func write(
    to file: OutputFile, durability: Durability, monitor: OperationMonitor
  ) throws(CoppiceError) {
    monitor.expect(bytes: leaves.reduce(0) { $0 + $1.source.byteCount })
    try file.reserve(byteCount: byteCount)
    for segment in segments where !segment.bytes.isEmpty {
      try file.write(segment.bytes, at: segment.offset)
    }
    try ParallelWork.run(count: leaves.count, width: ParallelWork.streamCount) {
      (index) throws(CoppiceError) in
      do throws(CoppiceError) {
        try copy(leaves[index], to: file, durability, monitor)
      } catch {
        throw error.located(treePath: leaves[index].treePath.description)
      }
    }
    if durability == .durable { try file.sync() }
  }

  private func copy(
    _ leaf: Leaf, to file: OutputFile, _ durability: Durability, _ monitor: OperationMonitor
  ) throws(CoppiceError) {
    var index = 0
    var filled = 0
    try leaf.source.forEachPiece(ofAtMost: Self.copyBytes) { (piece) throws(CoppiceError) in
      var consumed = 0
      while consumed < piece.byteCount {
        while index < leaf.pieces.count, filled == leaf.pieces[index].byteCount {
          index += 1
          filled = 0
        }
        guard index < leaf.pieces.count else {
          throw CoppiceError(.modelByteCount, "the array gave more bytes than it has")
        }
        let target = leaf.pieces[index]
        let count = min(target.byteCount - filled, piece.byteCount - consumed)
        try file.write(piece.extracting(consumed..<(consumed + count)), at: target.offset + filled)
        if durability == .durable {
          file.startWriteback(at: target.offset + filled, count: count)
        }
        consumed += count
        filled += count
      }
      try monitor.advance(bytes: piece.byteCount)
    }
    guard index == leaf.pieces.count - 1, filled == leaf.pieces[index].byteCount else {
      throw CoppiceError(.modelByteCount, "the array gave fewer bytes than it has")
    }
  }
}
