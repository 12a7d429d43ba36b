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
  fileprivate enum Boxes: Sendable {
    case none
    /// The one box of a leaf that isn't sharded, with the number of its blocks.
    case one(Int)
    /// Some boxes of a sharded leaf: their indices, ascending, with the number of blocks of the boxes
    /// before each, and that of all at the end.
    case several(ArraySlice<Int>, rows: [Int])
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
      kinds.append(try Boxes(kind, in: file, of: document))
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
  package func boxes(of leaf: Int) -> ArraySlice<Int> {
    switch kinds[kindOfLeaf.kind(of: leaf)] {
    case .none: []
    case .one: [0]
    case .several(let indices, _): indices
    }
  }

  /// Returns the rows of a box of a leaf, which lies in the file.
  ///
  /// Complexity: O(log n) of the number of the leaf's boxes in the file.
  package func rows(of leaf: Int, box: Int) -> Range<Int> {
    guard case .several(let indices, let rows) = kinds[kindOfLeaf.kind(of: leaf)] else {
      return self[leaf]
    }
    let place = indices.partitioningIndex { $0 >= box } - indices.startIndex
    guard place < rows.count - 1 else { return first[leaf]..<first[leaf] }
    return (first[leaf] + rows[place])..<(first[leaf] + rows[place + 1])
  }

  fileprivate static var tooMany: CoppiceError {
    CoppiceError(.arraysBlockCount, "the leaves need more blocks than an index can list")
  }

  /// Returns the pieces of a box of a leaf that isn't chunked.
  package func pieces(of box: ArrayBox, _ leaf: LeafRecord) -> Pieces {
    leaf.pieces(ofBox: box.shape, pieceSize: pieceSize)
  }
}

extension BlockTable.Boxes {
  fileprivate init(
    _ leaf: LeafRecord, in file: Int, of document: TreeDocument
  ) throws(CoppiceError) {
    guard leaf.storage != .none else {
      self = .none
      return
    }
    guard leaf.shards != nil else {
      // Most leaves: nothing is allocated for them.
      self =
        document.file(of: 0, leaf) == file
        ? .one(try leaf.blockCount(ofBox: leaf.shape, pieceSize: document.pieceSize)) : .none
      return
    }
    let indices = document.boxes(of: leaf, in: file)
    var rows: [Int] = []
    rows.reserveCapacity(indices.count + 1)
    var total = 0
    for index in indices {
      rows.append(total)
      let count = try leaf.blockCount(
        ofBox: leaf.boxes[index].shape, pieceSize: document.pieceSize)
      let (sum, overflow) = total.addingReportingOverflow(count)
      guard !overflow else { throw BlockTable.tooMany }
      total = sum
    }
    rows.append(total)
    self = .several(indices, rows: rows)
  }

  fileprivate var rowCount: Int {
    switch self {
    case .none: 0
    case .one(let count): count
    case .several(_, let rows): rows.last ?? 0
    }
  }
}

extension LeafRecord {
  /// Returns the number of blocks of one of the leaf's boxes, from its shape.
  ///
  /// - Throws: `arrays.bad-chunk` where its chunks don't fit it.
  fileprivate func blockCount(ofBox shape: Shape, pieceSize: Int?) throws(CoppiceError) -> Int {
    switch storage {
    case .none: return 0
    case .packed: return 1
    case .contiguous: return pieces(ofBox: shape, pieceSize: pieceSize).count
    case .chunked(let layout):
      guard let grid = layout.grid(of: ArrayBox(whole: shape)) else {
        throw CoppiceError(.arraysBadChunk, "the chunk shape doesn't fit the array")
      }
      return grid.cellCount
    }
  }

  fileprivate func pieces(ofBox shape: Shape, pieceSize: Int?) -> Pieces {
    // A box whose byte count overflows is too large for any file; the check of block sizes reports
    // it.
    Pieces(of: shape.byteCount(of: dtype) ?? .max, size: storage == .contiguous ? pieceSize : nil)
  }
}
