package import CoppiceModel

/// Which rows of the block index belong to which leaf, as the order of leaves implies.
///
/// Spec: ARR-10, ARR-11.
package struct BlockTable: Sendable {
  /// The first block of each leaf, and one past the last of all.
  package let first: [Int]

  /// Counts the blocks of leaves.
  ///
  /// - Throws: `arrays.block-count` when there are more than any index has, `arrays.bad-chunk` for a
  ///   chunk that doesn't fit its box.
  package init(_ leaves: LeafTable) throws(CoppiceError) {
    var counts: [Int] = []
    for kind in leaves.kinds { counts.append(try Self.blockCount(kind)) }
    var first: [Int] = []
    first.reserveCapacity(leaves.count + 1)
    var total = 0
    for ordinal in leaves.indices {
      first.append(total)
      let (sum, overflow) = total.addingReportingOverflow(counts[leaves.kind(of: ordinal)])
      guard !overflow else { throw Self.tooMany }
      total = sum
    }
    first.append(total)
    self.first = first
  }

  /// The rows of a leaf.
  package subscript(leaf: Int) -> Range<Int> { first[leaf]..<first[leaf + 1] }

  /// The number of blocks of all leaves.
  package var count: Int { first.last ?? 0 }

  private static var tooMany: CoppiceError {
    CoppiceError(.arraysBlockCount, "the leaves need more blocks than any index has")
  }

  /// The number of blocks of a leaf.
  package static func blockCount(_ leaf: LeafRecord) throws(CoppiceError) -> Int {
    switch leaf.storage {
    case .none: return 0
    case .packed: return 1
    case .contiguous: return leaf.shards?.count ?? 1
    case .chunked(let layout):
      var total = 0
      for box in leaf.boxes {
        guard let grid = ChunkGrid(shape: box.shape, chunk: layout.shape) else {
          throw CoppiceError(.arraysBadChunk, "the chunk shape doesn't fit the array")
        }
        let (sum, overflow) = total.addingReportingOverflow(grid.cellCount)
        guard !overflow else { throw tooMany }
        total = sum
      }
      return total
    }
  }
}

extension LeafRecord {
  /// The number of blocks of one of the leaf's boxes.
  package func blockCount(of box: ArrayIndexRange) -> Int {
    switch storage {
    case .none: 0
    case .contiguous, .packed: 1
    case .chunked(let layout): ChunkGrid(shape: box.shape, chunk: layout.shape)?.cellCount ?? 0
    }
  }
}
