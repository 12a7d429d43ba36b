package import CoppiceFormat
package import CoppiceModel

/// The digest of what lies between the blocks of a file: HDF5's own structures, and padding.
///
/// Spec: ARR-23.
package enum StructureDigest {
  /// The bytes that are read at once: gaps are small, and what lies between them need not be read.
  private static let windowBytes = 64 << 10

  /// Takes the digest of all bytes of a file outside its blocks, in file order.
  ///
  /// - Parameter blocks: Where the file's blocks lie: inside the file, none overlapping another.
  package static func take(
    of file: some ByteSource, outside blocks: [(offset: Int, size: Int)]
  ) throws(CoppiceError) -> Digest {
    var digest = DigestStream()
    var window: [UInt8] = []
    var windowStart = 0
    /// Adds a gap; neighbouring small gaps come from one read, blocks between them included.
    func add(_ gap: Range<Int>) throws(CoppiceError) {
      var start = gap.lowerBound
      while start < gap.upperBound {
        if start < windowStart || start >= windowStart + window.count {
          window = [UInt8](
            repeating: 0, count: min(windowBytes, file.byteCount - start))
          windowStart = start
          var span = window.mutableSpan
          var bytes = unsafe span.mutableBytes
          try file.read(at: start, into: &bytes)
        }
        let end = min(gap.upperBound, windowStart + window.count)
        let bytes = unsafe window.span.bytes
        digest.update(bytes.extracting((start - windowStart)..<(end - windowStart)))
        start = end
      }
    }
    var position = 0
    for block in blocks.sorted(by: { $0.offset < $1.offset }) {
      try add(position..<max(block.offset, position))
      position = max(position, block.offset + block.size)
    }
    try add(position..<max(file.byteCount, position))
    return digest.digest
  }
}
