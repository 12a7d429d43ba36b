package import CoppiceModel

/// The rows of the block index that belong to each leaf, derived from the order of the leaves.
///
/// Spec: ARR-10, ARR-11.
package struct BlockTable: Sendable {
  /// The first row of each leaf, and the number of all rows at the end.
  package let first: [Int]
  private let pieceSize: Int?

  /// Counts the blocks of a document's leaves.
  ///
  /// - Throws: `arrays.block-count` when the number of blocks overflows; `arrays.bad-chunk` for a
  ///   chunk that doesn't fit its box.
  package init(_ document: TreeDocument) throws(CoppiceError) {
    let leaves = document.leaves
    pieceSize = document.pieceSize
    var counts: [Int] = []
    for kind in leaves.kinds { counts.append(try Self.blockCount(kind, document.pieceSize)) }
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
    CoppiceError(.arraysBlockCount, "the leaves need more blocks than an index can list")
  }

  /// Returns the number of blocks of a leaf.
  private static func blockCount(
    _ leaf: LeafRecord, _ pieceSize: Int?
  ) throws(CoppiceError) -> Int {
    var total = 0
    for box in leaf.boxes {
      guard let count = leaf.blockCount(of: box, pieceSize: pieceSize) else {
        throw CoppiceError(.arraysBadChunk, "the chunk shape doesn't fit the array")
      }
      let (sum, overflow) = total.addingReportingOverflow(count)
      guard !overflow else { throw tooMany }
      total = sum
    }
    return total
  }

  /// Returns the number of blocks of one of a leaf's boxes.
  package func count(of box: ArrayBox, _ leaf: LeafRecord) -> Int {
    leaf.blockCount(of: box, pieceSize: pieceSize) ?? 0
  }

  /// Returns the pieces of a box of a leaf that isn't chunked.
  package func pieces(of box: ArrayBox, _ leaf: LeafRecord) -> Pieces {
    leaf.pieces(of: box, pieceSize: pieceSize)
  }
}

extension LeafRecord {
  /// Returns the number of blocks of one of the leaf's boxes; `nil` where its chunks don't fit it.
  fileprivate func blockCount(of box: ArrayBox, pieceSize: Int?) -> Int? {
    switch storage {
    case .none: 0
    case .packed: 1
    case .contiguous: pieces(of: box, pieceSize: pieceSize).count
    case .chunked(let layout): layout.grid(of: box)?.cellCount
    }
  }

  fileprivate func pieces(of box: ArrayBox, pieceSize: Int?) -> Pieces {
    // A box whose byte count overflows is too large for any file; the check of block sizes reports
    // it.
    Pieces(
      of: box.shape.byteCount(of: dtype) ?? .max, size: storage == .contiguous ? pieceSize : nil)
  }
}
