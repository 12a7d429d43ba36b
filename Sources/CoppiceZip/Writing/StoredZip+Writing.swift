import CoppiceCompression
package import CoppiceFiles
package import CoppiceModel
import Synchronization

extension StoredZip {
  /// The content of a member: bytes, and the elements of an array after them.
  package struct Content: Sendable {
    let bytes: [UInt8]
    let source: (any ArraySource)?
    /// The path of the array in its tree, for errors.
    let treePath: TreePath

    /// Makes the content of a member that has no array.
    package init(_ bytes: [UInt8]) {
      (self.bytes, source, treePath) = (bytes, nil, TreePath())
    }

    /// Makes the content of a member that ends with an array, in C order.
    package init(_ bytes: [UInt8] = [], _ source: any ArraySource, of treePath: TreePath) {
      (self.bytes, self.source, self.treePath) = (bytes, source, treePath)
    }

    package var byteCount: Int { bytes.count + (source?.byteCount ?? 0) }
  }

  /// Writes the archive, several members at once.
  ///
  /// The caller stages the output, so that an incomplete file never has the final name.
  ///
  /// - Parameters:
  ///   - contents: The contents of the members, in order.
  ///   - file: An empty file.
  /// - Throws: The errors of the arrays' sources; `operation.cancelled`; `io.*`.
  package func write(
    _ contents: [Content], to file: OutputFile, durability: Durability, monitor: OperationMonitor
  ) throws(CoppiceError) {
    try file.reserve(byteCount: byteCount)
    let copier = ArrayCopier(pieceBytes: 4 << 20, durability: durability, monitor: monitor)
    let checksums = Mutex([UInt32](repeating: 0, count: members.count))
    try ParallelWork.run(count: members.count, width: ParallelWork.streamCount) {
      (index) throws(CoppiceError) in
      let checksum = try write(contents[index], as: members[index], to: file, copier)
      checksums.withLock { $0[index] = checksum }
    }
    try file.write(directory(checksums: checksums.withLock { $0 }), at: directoryOffset)
    if durability == .durable { try file.sync() }
  }

  /// Writes one member; its header is written last, because it contains the checksum.
  private func write(
    _ content: Content, as member: Member, to file: OutputFile, _ copier: ArrayCopier
  ) throws(CoppiceError) -> UInt32 {
    var checksum = CRC32()
    checksum.update(unsafe content.bytes.span.bytes)
    try file.write(content.bytes, at: member.offset)
    if let source = content.source {
      let elements = OutputRange(
        file, offset: member.offset + content.bytes.count, byteCount: source.byteCount)
      try copier.copy(source, of: content.treePath, to: [elements]) { checksum.update($0) }
    }
    try file.write(header(of: member, checksum: checksum.value), at: member.headerOffset)
    return checksum.value
  }
}
