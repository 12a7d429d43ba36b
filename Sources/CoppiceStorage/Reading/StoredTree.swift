import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import Synchronization

/// The records and blocks that all leaves of a stored tree share.
///
/// The index of a data file is read when a box that lies in it is first asked for.
final class StoredTree: Sendable {
  /// The document without its tree.
  private let document: TreeDocument
  let files: BlockFiles
  private let directory: DirectoryHandle
  private let options: TreeReadOptions
  private let checksPadding: Bool
  /// For each kind, the number of the data file in which its leaves lie whole and unencoded in one block;
  /// `nil` for leaves that are stored otherwise.
  private let plainFile: [Int?]
  private let first: StoredFile
  private let further: Mutex<[Int: StoredFile]>
  private let indexWarnings = Mutex<[CoppiceError]>([])

  /// Makes the tree of a document.
  ///
  /// - Parameter indexes: The index of each data file where they are known; otherwise they are read.
  init(
    _ document: TreeDocument, indexes: [FileIndex?] = [], in directory: DirectoryHandle,
    options: TreeReadOptions, checksPadding: Bool = false
  ) throws(CoppiceError) {
    var document = document
    document.tree = .dict([])
    self.document = document
    self.directory = directory
    self.options = options
    self.checksPadding = checksPadding
    files = BlockFiles(document.files, in: directory, toleratesDamage: options.toleratesFiles)
    first = try StoredFile(
      0, document.index, document, files: files, verifies: options.verifiesDigests)
    var known: [Int: StoredFile] = [:]
    for (number, index) in indexes.enumerated() where number > 0 {
      guard let index else { continue }
      known[number] = try StoredFile(
        number, index, document, files: files, verifies: options.verifiesDigests)
    }
    further = Mutex(known)
    plainFile = document.leaves.kinds.map { [document] kind in
      kind.plainByteCount(pieceSize: document.pieceSize).map { _ in document.file(of: 0, kind) }
    }
  }

  var leaves: LeafTable { document.leaves }

  /// Returns a data file with its index.
  ///
  /// - Throws: The errors of `IndexReader.index`.
  private func file(_ number: Int) throws(CoppiceError) -> StoredFile {
    guard number > 0 else { return first }
    if let file = further.withLock({ $0[number] }) { return file }
    let found = try IndexReader.index(
      of: number, of: document, in: directory, limits: options.limits)
    let file = try StoredFile(
      number, found.index, document, files: files, verifies: options.verifiesDigests)
    // Another thread may have been faster; all use the same one, which knows what was verified.
    return further.withLock { files in
      if let known = files[number] { return known }
      files[number] = file
      indexWarnings.withLock { $0 += found.warnings }
      return file
    }
  }

  /// The deviations that were tolerated in the indexes read so far.
  var warnings: [CoppiceError] { indexWarnings.withLock { $0 } }

  /// Returns the stored boxes of a leaf that share elements with a box, in C order.
  ///
  /// - Throws: The errors of reading an index.
  func boxes(_ ordinal: Int, sharing box: ArrayBox) throws(CoppiceError) -> [StoredBox] {
    let leaf = leaves[ordinal]
    guard leaf.storage != .none else { return [] }
    let grid = leaf.boxes
    var boxes: [StoredBox] = []
    for index in grid.indices(sharing: box) {
      boxes.append(try stored(index, grid[index], of: ordinal, leaf))
    }
    return boxes
  }

  private func stored(
    _ index: Int, _ box: ArrayBox, of ordinal: Int, _ leaf: LeafRecord
  ) throws(CoppiceError) -> StoredBox {
    let file = try file(document.file(of: index, leaf))
    let coding: StoredBox.Coding
    if case .chunked(let layout) = leaf.storage, let grid = layout.grid(of: box) {
      coding = .chunks(grid, isShuffled: layout.isShuffled)
    } else {
      coding = .plain(file.table.pieces(of: box, leaf))
    }
    return StoredBox(
      box: box, coding: coding, dtype: leaf.dtype, blocks: file.blocks,
      firstRow: file.table.rows(of: ordinal, box: index).lowerBound, checksPadding: checksPadding)
  }

  /// Returns the fault of a file in which a box of a leaf lies.
  func fault(of ordinal: Int, among faults: [Int: CoppiceError]) -> CoppiceError? {
    let leaf = leaves[ordinal]
    let hit = faults.keys.filter { !document.boxes(of: leaf, in: $0).isEmpty }.min()
    return hit.flatMap { faults[$0] }
  }

  /// Whether no block lies in `arrays.h5`.
  var isFirstFileEmpty: Bool { first.table.count == 0 }

  /// Returns the block of a leaf that is stored unencoded in one block; `nil` for other leaves,
  /// and where its index can't be read: reading the leaf then says why.
  func plainBlock(_ ordinal: Int) -> ArrayBlock? {
    guard let number = plainFile[document.leaves.kind(of: ordinal)] else { return nil }
    return number == 0 ? first.plainBlock(ordinal) : (try? file(number))?.plainBlock(ordinal)
  }
}

/// A data file with its index.
private final class StoredFile: Sendable {
  let blocks: StoredBlocks
  let table: BlockTable

  /// Returns the only block of a leaf.
  func plainBlock(_ ordinal: Int) -> ArrayBlock {
    blocks.arrayBlock(table[ordinal].lowerBound)
  }

  init(
    _ number: Int, _ index: FileIndex, _ document: TreeDocument, files: BlockFiles, verifies: Bool
  ) throws(CoppiceError) {
    blocks = StoredBlocks(index.blocks, of: number, files: files, verifies: verifies)
    table = try BlockTable(document, file: number)
  }
}
