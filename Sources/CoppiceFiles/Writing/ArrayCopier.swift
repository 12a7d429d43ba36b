package import CoppiceModel

/// A range of a file that takes bytes.
package struct OutputRange: Sendable {
  package var file: OutputFile
  package var offset: Int
  package var byteCount: Int

  package init(_ file: OutputFile, offset: Int, byteCount: Int) {
    self.file = file
    self.offset = offset
    self.byteCount = byteCount
  }
}

/// Copies arrays piece by piece to the ranges of files that were planned for them, from any number of
/// threads.
package struct ArrayCopier: Sendable {
  /// The most bytes of an array that a thread holds at a time.
  private let pieceBytes: Int
  private let durability: Durability
  private let monitor: OperationMonitor

  package init(
    pieceBytes: Int = 8 << 20, durability: Durability, monitor: OperationMonitor
  ) {
    self.pieceBytes = pieceBytes
    self.durability = durability
    self.monitor = monitor
  }

  /// Copies the bytes of an array in C order.
  ///
  /// - Parameters:
  ///   - path: The path of the array, for errors.
  ///   - ranges: Where the bytes go, one range after the other.
  ///   - inspect: Called with each piece before it is written.
  /// - Throws: `model.byte-count` when the source doesn't give as many bytes as the ranges take; what
  ///   the source throws; `operation.cancelled`; `io.*`.
  package func copy(
    _ source: any ArraySource, of path: TreePath, to ranges: [OutputRange],
    inspect: (RawSpan) -> Void = { _ in }
  ) throws(CoppiceError) {
    var index = 0
    var filled = 0
    do throws(CoppiceError) {
      try source.forEachPiece(ofAtMost: pieceBytes) { (piece) throws(CoppiceError) in
        inspect(piece)
        var consumed = 0
        while consumed < piece.byteCount {
          while index < ranges.count, filled == ranges[index].byteCount {
            index += 1
            filled = 0
          }
          guard index < ranges.count else {
            throw CoppiceError(.modelByteCount, "the array gave more bytes than it has")
          }
          let (range, start) = (ranges[index], ranges[index].offset + filled)
          let count = min(range.byteCount - filled, piece.byteCount - consumed)
          try range.file.write(piece.extracting(consumed..<(consumed + count)), at: start)
          if durability == .durable { range.file.startWriteback(at: start, count: count) }
          consumed += count
          filled += count
        }
        try monitor.advance(bytes: piece.byteCount)
      }
      let rest = ranges.dropFirst(index).reduce(-filled) { $0 + $1.byteCount }
      guard rest == 0 else {
        throw CoppiceError(.modelByteCount, "the array gave fewer bytes than it has")
      }
    } catch {
      throw error.located(treePath: path.description)
    }
  }
}
