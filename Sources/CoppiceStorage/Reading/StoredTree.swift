import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import Synchronization

/// The records and blocks that all leaves of a stored tree share.
final class StoredTree: Sendable {
  let leaves: LeafTable
  let blocks: StoredBlocks
  private let table: BlockTable
  private let checksPadding: Bool
  /// For each kind, whether its leaves are stored whole and unencoded in one block.
  private let isPlain: [Bool]
  /// The stored boxes of leaves, made on first use so that listing a tree costs nothing.
  private let made = Mutex<[Int: [StoredBox]]>([:])

  init(
    _ document: TreeDocument, files: BlockFiles, verifies: Bool, checksPadding: Bool
  ) throws(CoppiceError) {
    leaves = document.leaves
    blocks = StoredBlocks(document.blocks, files: files, verifies: verifies)
    table = try BlockTable(document)
    isPlain = document.leaves.kinds.map {
      $0.plainByteCount(pieceSize: document.pieceSize) != nil
    }
    self.checksPadding = checksPadding
  }

  /// Returns the stored boxes of a leaf.
  func boxes(_ ordinal: Int) -> [StoredBox] {
    if let boxes = made.withLock({ $0[ordinal] }) { return boxes }
    let boxes = makeBoxes(ordinal)
    made.withLock { $0[ordinal] = boxes }
    return boxes
  }

  private func makeBoxes(_ ordinal: Int) -> [StoredBox] {
    let leaf = leaves[ordinal]
    var boxes: [StoredBox] = []
    var row = table[ordinal].lowerBound
    for box in leaf.boxes where leaf.storage != .none {
      let coding: StoredBox.Coding
      if case .chunked(let layout) = leaf.storage,
        let grid = layout.grid(of: box)
      {
        coding = .chunks(grid, isShuffled: layout.isShuffled)
      } else {
        coding = .plain(table.pieces(of: box, leaf))
      }
      boxes.append(
        StoredBox(
          box: box, coding: coding, dtype: leaf.dtype, blocks: blocks, firstRow: row,
          checksPadding: checksPadding))
      row += table.count(of: box, leaf)
    }
    return boxes
  }

  /// Returns the fault of a file in which a block of a leaf lies.
  func fault(of ordinal: Int, among faults: [Int: CoppiceError]) -> CoppiceError? {
    table[ordinal].lazy.compactMap { faults[self.blocks.columns.file[$0]] }.first
  }

  /// Returns the block of a leaf that is stored unencoded in one block; `nil` for other leaves.
  func plainBlock(_ ordinal: Int) -> ArrayBlock? {
    guard isPlain[leaves.kind(of: ordinal)] else { return nil }
    return blocks.arrayBlock(table[ordinal].lowerBound)
  }
}
