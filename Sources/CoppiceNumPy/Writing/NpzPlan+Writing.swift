import CoppiceCompression
import CoppiceFiles
package import CoppiceModel
import CoppiceZip
import Synchronization
package import SystemPackage

extension NpzPlan {
  /// The most bytes of an array that a thread holds at a time.
  private static let pieceBytes = 4 << 20

  /// Writes the archive, several members at once.
  ///
  /// The caller stages the output, so that nothing half-written bears the final name.
  ///
  /// - Parameter isThere: The file exists and is empty, made by whoever stages the output.
  /// - Throws: What the arrays' sources throw; `operation.cancelled`; `io.*`.
  package func write(
    to path: FilePath, thatExists isThere: Bool = false, durability: Durability,
    monitor: OperationMonitor = OperationMonitor()
  ) throws(CoppiceError) {
    let file = try OutputFile(at: path, creating: !isThere)
    try file.reserve(byteCount: byteCount)
    let checksums = Mutex([UInt32](repeating: 0, count: leaves.count))
    try ParallelWork.run(count: leaves.count, width: ParallelWork.streamCount) {
      (index) throws(CoppiceError) in
      let checksum = try write(index, to: file, durability, monitor)
      checksums.withLock { $0[index] = checksum }
    }
    try file.write(
      layout.directory(checksums: checksums.withLock { $0 }), at: layout.directoryOffset)
    if durability == .durable { try file.sync() }
  }

  /// Writes one member; its header comes last, since it has the checksum.
  private func write(
    _ index: Int, to file: OutputFile, _ durability: Durability, _ monitor: OperationMonitor
  ) throws(CoppiceError) -> UInt32 {
    let (leaf, member) = (leaves[index], layout.members[index])
    let end = member.offset + member.byteCount
    var checksum = CRC32()
    checksum.update(unsafe leaf.header.span.bytes)
    try file.write(leaf.header, at: member.offset)
    var offset = member.offset + leaf.header.count
    do throws(CoppiceError) {
      try leaf.source.forEachPiece(ofAtMost: Self.pieceBytes) { (piece) throws(CoppiceError) in
        guard piece.byteCount <= end - offset else { throw Self.wrongCount }
        checksum.update(piece)
        try file.write(piece, at: offset)
        if durability == .durable { file.startWriteback(at: offset, count: piece.byteCount) }
        offset += piece.byteCount
        try monitor.advance(bytes: piece.byteCount)
      }
      guard offset == end else { throw Self.wrongCount }
    } catch {
      throw error.located(treePath: leaf.treePath.description)
    }
    try file.write(
      layout.header(of: member, checksum: checksum.value), at: member.headerOffset)
    return checksum.value
  }

  private static let wrongCount = CoppiceError(
    .modelByteCount, "the array gave more or fewer bytes than it has")
}
