package import CoppiceModel

/// The check that a tree document's shards, placements and blocks are consistent.
///
/// Reading stops at the first fault; validation reports them all. Both use this check.
///
/// Spec: ARR-8 to ARR-19, SHD-13 to SHD-19.
package struct StructureCheck {
  package typealias Report = (CoppiceError) throws(CoppiceError) -> Void

  private let document: TreeDocument
  private let blocks: BlockColumns
  /// The number of the data file whose blocks are checked.
  private let number: Int
  private let file: String
  /// The pointer to the blocks in their document.
  private let pointer: String

  /// Makes the check of a document and the blocks of `arrays.h5`.
  package init(_ document: TreeDocument, file: String) {
    self.document = document
    self.blocks = document.index.blocks
    self.file = file
    number = 0
    pointer = "/files/0/blocks"
  }

  /// Makes the check of the index of another data file, for a document whose own check found
  /// nothing.
  package init(_ document: TreeDocument, _ index: FileIndex, of number: Int, file: String) {
    self.document = document
    self.blocks = index.blocks
    self.file = file
    self.number = number
    pointer = "/blocks"
  }

  /// Runs the check and passes each fault to a closure, which may throw it.
  package func run(_ report: Report) throws(CoppiceError) {
    for fault in document.placeFaults { try report(fault.located(file: file)) }
    guard blocks.areEqualInLength else {
      try report(fault(.arraysBlockCount, "", "the columns differ in length"))
      return
    }
    // Without the shards, blocks can't be assigned to leaves.
    if document.placeFaults.isEmpty { try checkLeaves(report) }
    try checkPlaces(report)
  }

  private func checkLeaves(_ report: Report) throws(CoppiceError) {
    let table: BlockTable
    do {
      table = try BlockTable(document, file: number)
    } catch {
      try report(error.located(file: file))
      return
    }
    guard table.count == blocks.count else {
      try report(
        fault(
          .arraysBlockCount, "",
          "the leaves need \(table.count) blocks, but the index has \(blocks.count)"))
      return
    }
    let kinds = document.leaves.kinds
    let plain = kinds.map {
      ($0.plainByteCount(pieceSize: document.pieceSize), $0.storage == .packed)
    }
    for ordinal in document.leaves.indices where !table[ordinal].isEmpty {
      let kind = document.leaves.kind(of: ordinal)
      guard let size = plain[kind].0 else {
        try checkBoxes(kinds[kind], ordinal, table, report)
        continue
      }
      let row = table[ordinal].lowerBound
      if plain[kind].1 { try checkPacked(row, report) }
      try checkSize(row, exactly: size, report)
    }
  }

  /// Spec: ARR-8.
  private func checkPacked(_ row: Int, _ report: Report) throws(CoppiceError) {
    guard blocks.offset[row] % 64 != 0 else { return }
    try report(
      fault(
        .arraysBlockAlignment, "/offset/\(row)", "a packed block begins at a multiple of 64 bytes"))
  }

  private func checkBoxes(
    _ leaf: LeafRecord, _ ordinal: Int, _ table: BlockTable, _ report: Report
  ) throws(CoppiceError) {
    for index in table.boxes(of: ordinal) {
      let box = leaf.boxes[index]
      let rows = table.rows(of: ordinal, box: index)
      if case .chunked(let layout) = leaf.storage {
        let limit = layout.grid(of: box)?.chunk.byteCount(of: leaf.dtype) ?? .max
        for row in rows { try checkSize(row, atMost: limit, report) }
      } else {
        try checkPieces(table.pieces(of: box, leaf), rows, report)
      }
    }
  }

  /// Spec: ARR-12, ARR-45.
  private func checkPieces(
    _ pieces: Pieces, _ rows: Range<Int>, _ report: Report
  ) throws(CoppiceError) {
    for row in rows {
      try checkSize(row, exactly: pieces[row - rows.lowerBound].count, report)
    }
    for (row, next) in zip(rows, rows.dropFirst()) {
      let (end, overflow) = blocks.offset[row].addingReportingOverflow(blocks.size[row])
      guard overflow || blocks.offset[next] != end else { continue }
      try report(
        fault(
          .arraysBlockSplit, "/offset/\(next)",
          "the piece doesn't begin where the one before it ends"))
    }
  }

  private func checkSize(
    _ row: Int, exactly expected: Int, _ report: Report
  ) throws(CoppiceError) {
    let size = blocks.size[row]
    guard size != expected else { return }
    try report(
      fault(.arraysBlockSize, "/size/\(row)", "the block has \(size) bytes instead of \(expected)"))
  }

  private func checkSize(_ row: Int, atMost limit: Int, _ report: Report) throws(CoppiceError) {
    let size = blocks.size[row]
    guard size < 1 || size > limit else { return }
    try report(
      fault(
        .arraysBlockSize, "/size/\(row)",
        "the chunk has \(size) bytes; stored chunks have 1 to \(limit)"))
  }

  /// Checks that blocks lie inside their file and don't overlap.
  ///
  /// Spec: ARR-18, ARR-19.
  private func checkPlaces(_ report: Report) throws(CoppiceError) {
    if arePlacesInOrder { return }
    var rows: [Int] = []
    rows.reserveCapacity(blocks.count)
    for row in 0..<blocks.count {
      let (end, overflow) = blocks.offset[row].addingReportingOverflow(blocks.size[row])
      guard !overflow, end <= fileSize else {
        try report(
          fault(
            .arraysBlockOutside, "/offset/\(row)",
            "the block reaches past the end of its file of \(fileSize) bytes"))
        continue
      }
      rows.append(row)
    }
    let order = { (a: Int, b: Int) in blocks.offset[a] < blocks.offset[b] }
    // Writers lay blocks in order; only hostile or exotic documents need the sort.
    if !zip(rows, rows.dropFirst()).allSatisfy({ order($0, $1) }) { rows.sort(by: order) }
    for (row, next) in zip(rows, rows.dropFirst()) {
      guard blocks.offset[row] + blocks.size[row] > blocks.offset[next] else { continue }
      try report(
        fault(.arraysBlockOverlap, "/offset/\(next)", "the block shares bytes with block \(row)"))
    }
  }

  private var fileSize: Int { document.files[number].size }

  /// Whether all blocks lie in their file in ascending order, as writers place them; then there
  /// are no faults.
  private var arePlacesInOrder: Bool {
    var position = 0
    for row in 0..<blocks.count {
      let (end, overflow) = blocks.offset[row].addingReportingOverflow(blocks.size[row])
      guard blocks.offset[row] >= position, !overflow, end <= fileSize else { return false }
      position = end
    }
    return true
  }

  private func fault(
    _ code: CoppiceError.Code, _ pointer: String, _ message: String
  ) -> CoppiceError {
    CoppiceError(code, message, at: .init(file: file, pointer: self.pointer + pointer))
  }
}
