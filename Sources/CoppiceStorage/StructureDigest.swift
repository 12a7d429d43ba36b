package import CoppiceFormat
package import CoppiceModel

/// The digest of a data file's bytes between the blocks: HDF5's own structures, and padding.
///
/// Spec: ARR-23.
package enum StructureDigest {
  /// The most bytes that are read at once.
  private static let windowBytes = 64 << 10
  /// Smaller blocks are read together with the gaps beside them; the pages of larger ones might
  /// have to be fetched from disk.
  private static let skippedBytes = 4096

  /// Computes the digest of all bytes of a file outside its blocks, in file order.
  ///
  /// - Parameter blocks: The ranges of the file's blocks: inside the file and not overlapping.
  package static func take(
    of file: some ByteSource, outside blocks: [(offset: Int, size: Int)]
  ) throws(CoppiceError) -> Digest {
    var digest = DigestStream()
    var buffer = [UInt8](repeating: 0, count: min(windowBytes, file.byteCount))
    var gaps = gaps(in: file.byteCount, outside: blocks)[...]
    while let first = gaps.first {
      // The range of one read: several gaps, or the beginning of one.
      let limit = min(first.lowerBound + windowBytes, file.byteCount)
      var end = min(first.upperBound, limit)
      for gap in gaps.dropFirst() {
        guard gap.lowerBound - end < skippedBytes, gap.upperBound <= limit else { break }
        end = gap.upperBound
      }
      var span = buffer.mutableSpan
      var whole = unsafe span.mutableBytes
      var window = whole._mutatingExtracting(first: end - first.lowerBound)
      try file.read(at: first.lowerBound, into: &window)
      while let gap = gaps.first, gap.lowerBound < end {
        let part = gap.clamped(to: gap.lowerBound..<end)
        let start = part.lowerBound - first.lowerBound
        digest.update(window.bytes.extracting(start..<(start + part.count)))
        if part.upperBound < gap.upperBound {
          gaps[gaps.startIndex] = part.upperBound..<gap.upperBound
        } else {
          gaps.removeFirst()
        }
      }
    }
    return digest.digest
  }

  /// Returns the ranges of a file outside all blocks, in order.
  private static func gaps(
    in byteCount: Int, outside blocks: [(offset: Int, size: Int)]
  ) -> [Range<Int>] {
    var gaps: [Range<Int>] = []
    var position = 0
    for block in blocks.sorted(by: { $0.offset < $1.offset }) {
      if block.offset > position { gaps.append(position..<block.offset) }
      position = max(position, block.offset + block.size)
    }
    if position < byteCount { gaps.append(position..<byteCount) }
    return gaps
  }
}
