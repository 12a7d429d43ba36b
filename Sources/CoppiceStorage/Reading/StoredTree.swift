import CoppiceFormat
import CoppiceModel
import Synchronization

/// What all leaves of a stored tree share: the records, the block index, and the files.
final class StoredTree: Sendable {
  let leaves: LeafTable
  let blocks: BlockColumns
  let files: BlockFiles
  let table: BlockTable
  let verifies: Bool
  let checksPadding: Bool
  /// Which kinds of leaves lie whole and uncoded in one block.
  private let isPlain: [Bool]
  /// The parts of leaves that were asked for: whoever only lists a tree pays for none, and a plain
  /// block that is read in parts is verified once.
  private let made = Mutex<[Int: [StoredPart]]>([:])

  init(
    _ document: TreeDocument, files: BlockFiles, verifies: Bool, checksPadding: Bool
  ) throws(CoppiceError) {
    leaves = document.leaves
    blocks = document.blocks
    table = try BlockTable(document.leaves)
    isPlain = document.leaves.kinds.map { $0.plainByteCount != nil }
    self.files = files
    self.verifies = verifies
    self.checksPadding = checksPadding
  }

  /// A block of the index.
  func block(_ row: Int) -> StoredBlock {
    StoredBlock(
      files: files, file: blocks.file[row], offset: blocks.offset[row],
      byteCount: blocks.size[row], digest: Digest(bits: blocks.digest[row]))
  }

  /// The parts of a leaf: its boxes with their blocks.
  func parts(_ ordinal: Int) -> [StoredPart] {
    if let parts = made.withLock({ $0[ordinal] }) { return parts }
    let parts = makeParts(ordinal)
    return made.withLock { made in
      // Another thread may have been first; all use its parts.
      let kept = made[ordinal] ?? parts
      made[ordinal] = kept
      return kept
    }
  }

  private func makeParts(_ ordinal: Int) -> [StoredPart] {
    let leaf = leaves[ordinal]
    var parts: [StoredPart] = []
    var row = table[ordinal].lowerBound
    for box in leaf.boxes where leaf.storage != .none {
      var count = 1
      var coding: StoredPart.Coding = .plain
      if case .chunked(let layout) = leaf.storage,
        let grid = ChunkGrid(shape: box.shape, chunk: layout.shape)
      {
        count = grid.cellCount
        coding = .chunks(grid, isShuffled: layout.isShuffled)
      }
      parts.append(
        StoredPart(
          box: box, coding: coding, dtype: leaf.dtype,
          blocks: (row..<(row + count)).map { block($0) }, verifies: verifies,
          checksPadding: checksPadding))
      row += count
    }
    return parts
  }

  /// The one block of a leaf that lies in one, uncoded; `nil` for other leaves.
  func plainBlock(_ ordinal: Int) -> StoredBlock? {
    guard isPlain[leaves.kind(of: ordinal)] else { return nil }
    return block(table[ordinal].lowerBound)
  }
}
