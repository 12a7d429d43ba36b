package import CoppiceModel

/// The arithmetic of a tree document: what it says of blocks must hold together.
///
/// Reading stops at the first fault; validation reports them all. Both run this one check.
///
/// Spec: ARR-8 to ARR-19, SHD-11.
package struct StructureCheck {
  private let document: TreeDocument
  private let file: String

  /// Makes the check of a document.
  package init(_ document: TreeDocument, file: String) {
    self.document = document
    self.file = file
  }

  /// Runs the check and hands each fault to a closure, which may throw it.
  package func run(
    _ report: (CoppiceError) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let table: BlockTable
    do {
      table = try BlockTable(document.leaves)
    } catch {
      try report(error.located(file: file))
      return
    }
    guard table.count == document.blocks.count else {
      try report(
        fault(
          .arraysBlockCount, "/blocks",
          "the leaves need \(table.count) blocks, but the index has \(document.blocks.count)"))
      return
    }
    for (ordinal, leaf) in document.leaves.enumerated() {
      try checkSizes(leaf, table[ordinal], report)
    }
    try checkPlaces(report)
  }

  private func checkSizes(
    _ leaf: LeafRecord, _ rows: Range<Int>, _ report: (CoppiceError) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var row = rows.lowerBound
    for box in leaf.boxes where leaf.storage != .none {
      let first = row
      switch leaf.storage {
      case .none: break
      case .contiguous, .packed:
        try checkSize(row, exactly: box.shape.byteCount(of: leaf.dtype) ?? .max, report)
        if leaf.storage == .packed, document.blocks.offset[row] % 64 != 0 {
          try report(
            fault(
              .arraysBlockAlignment, "/blocks/offset/\(row)",
              "a packed block begins at a multiple of 64 bytes"))
        }
        row += 1
      case .chunked(let layout):
        let count = ChunkGrid(shape: box.shape, chunk: layout.shape)?.cellCount ?? 0
        let limit = layout.shape.byteCount(of: leaf.dtype) ?? .max
        for cell in row..<(row + count) { try checkSize(cell, atMost: limit, report) }
        row += count
      }
      for other in first..<row where document.blocks.file[other] != document.blocks.file[first] {
        try report(
          fault(
            .arraysBlockSplit, "/blocks/file/\(other)", "all blocks of a shard lie in one file"))
      }
    }
  }

  private func checkSize(
    _ row: Int, exactly expected: Int, _ report: (CoppiceError) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let size = document.blocks.size[row]
    guard size != expected else { return }
    try report(
      fault(
        .arraysBlockSize, "/blocks/size/\(row)",
        "the block has \(size) bytes instead of \(expected)"))
  }

  private func checkSize(
    _ row: Int, atMost limit: Int, _ report: (CoppiceError) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let size = document.blocks.size[row]
    guard size < 1 || size > limit else { return }
    try report(
      fault(
        .arraysBlockSize, "/blocks/size/\(row)",
        "the chunk has \(size) bytes; stored chunks have 1 to \(limit)"))
  }

  /// Blocks lie inside their files, and none shares a byte with another.
  private func checkPlaces(
    _ report: (CoppiceError) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let blocks = document.blocks
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

  private func fault(
    _ code: CoppiceError.Code, _ pointer: String, _ message: String
  ) -> CoppiceError {
    CoppiceError(code, message, at: .init(file: file, pointer: pointer))
  }
}
