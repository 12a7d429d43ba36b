import CoppiceCompression
import CoppiceFiles
package import CoppiceModel
import CoppiceZip
import Synchronization
package import SystemPackage

extension NpzPlan {
  /// Writes the archive, several members at once.
  ///
  /// The caller stages the output, so that an incomplete file never has the final name.
  ///
  /// - Parameter isThere: Whether the file already exists, empty, created by the caller.
  /// - Throws: The errors of the arrays' sources; `operation.cancelled`; `io.*`.
  package func write(
    to path: FilePath, thatExists isThere: Bool = false, durability: Durability,
    monitor: OperationMonitor = OperationMonitor()
  ) throws(CoppiceError) {
    let file = try OutputFile(at: path, creating: !isThere)
    try file.reserve(byteCount: byteCount)
    let copier = ArrayCopier(pieceBytes: 4 << 20, durability: durability, monitor: monitor)
    let checksums = Mutex([UInt32](repeating: 0, count: leaves.count))
    try ParallelWork.run(count: leaves.count, width: ParallelWork.streamCount) {
      (index) throws(CoppiceError) in
      let checksum = try write(index, to: file, copier)
      checksums.withLock { $0[index] = checksum }
    }
    try file.write(
      layout.directory(checksums: checksums.withLock { $0 }), at: layout.directoryOffset)
    if durability == .durable { try file.sync() }
  }

  /// Writes one member; its header is written last, because it contains the checksum.
  private func write(
    _ index: Int, to file: OutputFile, _ copier: ArrayCopier
  ) throws(CoppiceError) -> UInt32 {
    let (leaf, member) = (leaves[index], layout.members[index])
    let headerBytes = leaf.header.count
    var checksum = CRC32()
    checksum.update(unsafe leaf.header.span.bytes)
    try file.write(leaf.header, at: member.offset)
    let elements = OutputRange(
      file, offset: member.offset + headerBytes, byteCount: member.byteCount - headerBytes)
    try copier.copy(leaf.source, of: leaf.treePath, to: [elements]) { checksum.update($0) }
    try file.write(
      layout.header(of: member, checksum: checksum.value), at: member.headerOffset)
    return checksum.value
  }
}
