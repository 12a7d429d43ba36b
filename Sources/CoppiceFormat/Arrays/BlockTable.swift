package import CoppiceModel

/// The rows of a data file's blocks that belong to each leaf and box, derived from the order of the
/// leaves.
///
/// Spec: ARR-10, ARR-11.
package struct BlockTable: Sendable {
  /// The first row of each leaf, and the number of all rows at the end.
  private let first: [Int]
  /// The boxes of the leaves of each kind that lie in the file.
  private let kinds: [Boxes]
  private let kindOfLeaf: LeafTable
  private let pieceSize: Int?

  /// The boxes of one leaf in the file.
  package struct Boxes: Sendable {
    /// The indices among the leaf's boxes, ascending.
    package let indices: ArraySlice<Int>
    /// The number of blocks of the boxes before each, and that of all at the end.
    fileprivate let rows: [Int]
  }

  /// Counts the blocks of a document's leaves.
  ///
  /// - Parameter file: The number of the data file.
  /// - Throws: `arrays.block-count` when the number of blocks overflows; `arrays.bad-chunk` for a
  ///   chunk that doesn't fit its box.
  package init(_ document: TreeDocument, file: Int) throws(CoppiceError) {
    let leaves = document.leaves
    kindOfLeaf = leaves
    pieceSize = document.pieceSize
    var kinds: [Boxes] = []
    for kind in leaves.kinds {
      kinds.append(try Boxes(kind, document.boxes(of: kind, in: file), document.pieceSize))
    }
    var first: [Int] = []
    first.reserveCapacity(leaves.count + 1)
    var total = 0
    for ordinal in leaves.indices {
      first.append(total)
      let (sum, overflow) = total.addingReportingOverflow(kinds[leaves.kind(of: ordinal)].rowCount)
      guard !overflow else { throw Self.tooMany }
      total = sum
    }
    first.append(total)
    self.first = first
    self.kinds = kinds
  }

  /// The rows of a leaf.
  package subscript(leaf: Int) -> Range<Int> { first[leaf]..<first[leaf + 1] }

  /// The number of blocks of all leaves.
  package var count: Int { first.last ?? 0 }

  /// Returns the boxes of a leaf that lie in the file.
  package func boxes(of leaf: Int) -> ArraySlice<Int> { kinds[kindOfLeaf.kind(of: leaf)].indices }

  /// Returns the rows of a box of a leaf, which lies in the file.
  ///
  /// Complexity: O(log n) of the number of the leaf's boxes in the file.
  package func rows(of leaf: Int, box: Int) -> Range<Int> {
    let boxes = kinds[kindOfLeaf.kind(of: leaf)]
    let place = boxes.indices.partitioningIndex { $0 >= box } - boxes.indices.startIndex
    guard place < boxes.rows.count - 1 else { return first[leaf]..<first[leaf] }
    return (first[leaf] + boxes.rows[place])..<(first[leaf] + boxes.rows[place + 1])
  }

  fileprivate static var tooMany: CoppiceError {
    CoppiceError(.arraysBlockCount, "the leaves need more blocks than an index can list")
  }

  /// Returns the pieces of a box of a leaf that isn't chunked.
  package func pieces(of box: ArrayBox, _ leaf: LeafRecord) -> Pieces {
    leaf.pieces(of: box, pieceSize: pieceSize)
  }
}

extension BlockTable.Boxes {
  fileprivate init(
    _ leaf: LeafRecord, _ indices: ArraySlice<Int>, _ pieceSize: Int?
  ) throws(CoppiceError) {
    self.indices = indices
    var rows: [Int] = []
    rows.reserveCapacity(indices.count + 1)
    var total = 0
    for index in indices {
      rows.append(total)
      guard let count = leaf.blockCount(of: leaf.boxes[index], pieceSize: pieceSize) else {
        throw CoppiceError(.arraysBadChunk, "the chunk shape doesn't fit the array")
      }
      let (sum, overflow) = total.addingReportingOverflow(count)
      guard !overflow else { throw BlockTable.tooMany }
      total = sum
    }
    rows.append(total)
    self.rows = rows
  }

  fileprivate var rowCount: Int { rows.last ?? 0 }
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
