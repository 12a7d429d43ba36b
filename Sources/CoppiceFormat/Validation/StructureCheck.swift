package import CoppiceModel

/// The check that a tree document's shards and blocks are consistent.
///
/// Reading stops at the first fault; validation reports them all. Both use this check.
///
/// Spec: ARR-8 to ARR-19, SHD-11, SHD-13 to SHD-15.
package struct StructureCheck {
  package typealias Report = (CoppiceError) throws(CoppiceError) -> Void

  private let document: TreeDocument
  private let blocks: BlockColumns
  private let file: String

  /// Makes the check of a document.
  package init(_ document: TreeDocument, file: String) {
    self.document = document
    self.blocks = document.blocks
    self.file = file
  }

  /// Runs the check and passes each fault to a closure, which may throw it.
  package func run(_ report: Report) throws(CoppiceError) {
    for fault in document.shardFaults { try report(fault) }
    guard blocks.areEqualInLength else {
      try report(fault(.arraysBlockCount, "/blocks", "the columns differ in length"))
      return
    }
    // Without the shards, blocks can't be assigned to leaves.
    if document.shardFaults.isEmpty { try checkLeaves(report) }
    try checkPlaces(report)
  }

  private func checkLeaves(_ report: Report) throws(CoppiceError) {
    let table: BlockTable
    do {
      table = try BlockTable(document)
    } catch {
      try report(error.located(file: file))
      return
    }
    guard table.count == blocks.count else {
      try report(
        fault(
          .arraysBlockCount, "/blocks",
          "the leaves need \(table.count) blocks, but the index has \(blocks.count)"))
      return
    }
    let kinds = document.leaves.kinds
    let plain = kinds.map {
      ($0.plainByteCount(pieceSize: document.pieceSize), $0.storage == .packed)
    }
    for ordinal in document.leaves.indices {
      let kind = document.leaves.kind(of: ordinal)
      guard let size = plain[kind].0 else {
        try checkBoxes(kinds[kind], table[ordinal].lowerBound, table, report)
        continue
      }
      let row = table[ordinal].lowerBound
      if plain[kind].1 { try checkPacked(row, report) }
      try checkSize(row, exactly: size, report)
    }
  }

  /// Spec: ARR-8.
  private func checkPacked(_ row: Int, _ report: Report) throws(CoppiceError) {
    if blocks.offset[row] % 64 != 0 {
      try report(
        fault(
          .arraysBlockAlignment, "/blocks/offset/\(row)",
          "a packed block begins at a multiple of 64 bytes"))
    }
    // A file that isn't listed is reported as another fault.
    if blocks.file[row] != 0, blocks.file[row] < document.files.count {
      try report(
        fault(.arraysBadStorage, "/blocks/file/\(row)", "packed blocks lie in arrays.h5"))
    }
  }

  private func checkBoxes(
    _ leaf: LeafRecord, _ firstRow: Int, _ table: BlockTable, _ report: Report
  ) throws(CoppiceError) {
    var first = firstRow
    for box in leaf.boxes where leaf.storage != .none {
      let rows = first..<(first + table.count(of: box, leaf))
      if case .chunked(let layout) = leaf.storage {
        let limit = layout.grid(of: box)?.chunk.byteCount(of: leaf.dtype) ?? .max
        for row in rows { try checkSize(row, atMost: limit, report) }
      } else {
        try checkPieces(table.pieces(of: box, leaf), rows, report)
      }
      for row in rows where blocks.file[row] != blocks.file[first] {
        try report(
          fault(
            .arraysBlockSplit, "/blocks/file/\(row)", "all blocks of a shard lie in one file"))
      }
      first = rows.upperBound
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
          .arraysBlockSplit, "/blocks/offset/\(next)",
          "the piece doesn't begin where the one before it ends"))
    }
  }

  private func checkSize(
    _ row: Int, exactly expected: Int, _ report: Report
  ) throws(CoppiceError) {
    let size = blocks.size[row]
    guard size != expected else { return }
    try report(
      fault(
        .arraysBlockSize, "/blocks/size/\(row)",
        "the block has \(size) bytes instead of \(expected)"))
  }

  private func checkSize(_ row: Int, atMost limit: Int, _ report: Report) throws(CoppiceError) {
    let size = blocks.size[row]
    guard size < 1 || size > limit else { return }
    try report(
      fault(
        .arraysBlockSize, "/blocks/size/\(row)",
        "the chunk has \(size) bytes; stored chunks have 1 to \(limit)"))
  }

  /// Checks that blocks lie inside their files and don't overlap.
  ///
  /// Spec: ARR-18, ARR-19.
  private func checkPlaces(_ report: Report) throws(CoppiceError) {
    if arePlacesInOrder { return }
    var rows: [Int] = []
    rows.reserveCapacity(blocks.count)
    for row in 0..<blocks.count {
      guard blocks.file[row] < document.files.count else {
        try report(
          fault(
            .arraysBlockOutside, "/blocks/file/\(row)",
            "the tree has \(document.files.count) files"))
        continue
      }
      let (end, overflow) = blocks.offset[row].addingReportingOverflow(blocks.size[row])
      let fileSize = document.files[blocks.file[row]].size
      guard !overflow, end <= fileSize else {
        try report(
          fault(
            .arraysBlockOutside, "/blocks/offset/\(row)",
            "the block reaches past the end of its file of \(fileSize) bytes"))
        continue
      }
      rows.append(row)
    }
    let order = { (a: Int, b: Int) in
      (blocks.file[a], blocks.offset[a]) < (blocks.file[b], blocks.offset[b])
    }
    // Writers lay blocks in order; only hostile or exotic documents need the sort.
    if !zip(rows, rows.dropFirst()).allSatisfy({ order($0, $1) }) { rows.sort(by: order) }
    for (row, next) in zip(rows, rows.dropFirst()) where blocks.file[row] == blocks.file[next] {
      guard blocks.offset[row] + blocks.size[row] > blocks.offset[next] else { continue }
      try report(
        fault(
          .arraysBlockOverlap, "/blocks/offset/\(next)", "the block shares bytes with block \(row)")
      )
    }
  }

  /// Whether all blocks lie in their files in ascending order, as writers place them; then there
  /// are no faults.
  private var arePlacesInOrder: Bool {
    let sizes = document.files.map(\.size)
    var (file, position) = (0, 0)
    for row in 0..<blocks.count {
      if blocks.file[row] != file {
        guard blocks.file[row] > file, blocks.file[row] < sizes.count else { return false }
        (file, position) = (blocks.file[row], 0)
      }
      let (end, overflow) = blocks.offset[row].addingReportingOverflow(blocks.size[row])
      guard blocks.offset[row] >= position, !overflow, end <= sizes[file] else { return false }
      position = end
    }
    return true
  }

  private func fault(
    _ code: CoppiceError.Code, _ pointer: String, _ message: String
  ) -> CoppiceError {
    CoppiceError(code, message, at: .init(file: file, pointer: pointer))
  }
}

extension BlockColumns {
  /// Whether all columns have the same length.
  fileprivate var areEqualInLength: Bool {
    file.count == count && size.count == count && digest.count == count
  }
}
