import CoppiceFiles
package import CoppiceModel
package import SystemPackage

/// Carries out a plan with plain writes, one array after another.
///
/// The caller stages the output, so that nothing half-written bears the final name.
package enum SafetensorsWriter {
  /// The most bytes that are in memory at a time.
  static let pieceBytes = 8 << 20

  /// Writes the only file of a plan.
  ///
  /// - Parameter isThere: The file exists and is empty, made by whoever stages the output.
  /// - Throws: `usage.one-file` when the plan has several; what the arrays' sources throw; `io.*`.
  package static func write(
    _ plan: SafetensorsPlan, toFile path: FilePath, thatExists isThere: Bool = false,
    durability: Durability
  ) throws(CoppiceError) {
    guard plan.files.count == 1 else {
      throw CoppiceError(
        .usageOneFile,
        "the arrays would take \(plan.files.count) files; give a directory to write them into",
        at: .init(file: path.string))
    }
    try write(0, of: plan, to: OutputFile(at: path, creating: !isThere), durability)
  }

  /// Writes all files of a plan, and the index if there is one, into a directory that exists.
  ///
  /// - Throws: What the arrays' sources throw; `io.*`.
  package static func write(
    _ plan: SafetensorsPlan, intoDirectory path: FilePath, durability: Durability
  ) throws(CoppiceError) {
    for (number, file) in plan.files.enumerated() {
      try write(number, of: plan, to: OutputFile(at: path.appending(file.name)), durability)
    }
    if let index = plan.index {
      try OutputFile.create(
        path.appending(index.name), holding: index.bytes, durability: durability)
    }
  }

  private static func write(
    _ number: Int, of plan: SafetensorsPlan, to output: OutputFile, _ durability: Durability
  ) throws(CoppiceError) {
    let file = plan.files[number]
    try output.reserve(byteCount: file.byteCount)
    try output.write(unsafe file.header.span.bytes, at: 0)
    for leaf in plan.leaves[file.leaves] {
      let end = leaf.offset + leaf.byteCount
      var offset = leaf.offset
      do throws(CoppiceError) {
        try leaf.source.forEachPiece(ofAtMost: pieceBytes) { (piece) throws(CoppiceError) in
          guard piece.byteCount <= end - offset else { throw wrongCount(of: leaf) }
          try output.write(piece, at: offset)
          offset += piece.byteCount
        }
        guard offset == end else { throw wrongCount(of: leaf) }
      } catch {
        throw error.located(treePath: leaf.treePath.description)
      }
    }
    if durability == .durable { try output.sync() }
  }

  private static func wrongCount(of leaf: SafetensorsPlan.Leaf) -> CoppiceError {
    CoppiceError(
      .modelByteCount, "the array gave more or fewer than its \(leaf.byteCount) bytes",
      at: .init(treePath: leaf.treePath.description))
  }
}
