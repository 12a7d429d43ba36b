import CoppiceFormat
package import CoppiceModel
import FileAccess

/// Reads small leaves that lie one after the other in a file with one system call for many.
///
/// Nothing is read that no leaf of the run needs, but for gaps of less than a page.
package struct StoredRun: ~Copyable {
  private let sources: [any ArraySource]
  private var buffer: [UInt8] = []
  private var file = -1
  private var range = 0..<0

  /// Leaves with more bytes are read where they are wanted.
  private static let largestLeaf = 256 << 10
  private static let bufferBytes = 4 << 20
  private static let gapBytes = 4096

  /// Makes a reader of leaves that are loaded in this order.
  package init(_ sources: [any ArraySource]) { self.sources = sources }

  /// Loads the leaf at an index; `nil` for one that isn't small and plain.
  ///
  /// - Throws: `arrays.digest-mismatch`, `io.*`.
  package mutating func load(_ index: Int) throws(CoppiceError) -> NDArray? {
    guard let (source, block) = small(index) else { return nil }
    let blockRange = block.offset..<(block.offset + block.byteCount)
    if block.file != file || !range.contains(blockRange) {
      try fill(from: index, source.tree, block)
    }
    let place =
      (blockRange.lowerBound - range.lowerBound)..<(blockRange.upperBound - range.lowerBound)
    let bytes = unsafe buffer.span.bytes.extracting(place)
    if source.tree.verifies { try block.check(Digest(of: bytes)) }
    return try NDArray(dtype: source.dtype, shape: source.shape, copying: bytes)
  }

  private func small(_ index: Int) -> (source: StoredArraySource, block: StoredBlock)? {
    guard let source = sources[index] as? StoredArraySource,
      let block = source.tree.plainBlock(source.ordinal), block.byteCount <= Self.largestLeaf
    else { return nil }
    return (source, block)
  }

  private mutating func fill(
    from index: Int, _ tree: StoredTree, _ block: StoredBlock
  ) throws(CoppiceError) {
    var end = block.offset + block.byteCount
    for next in sources.indices[(index + 1)...] {
      guard let (source, other) = small(next), source.tree === tree, other.file == block.file,
        other.offset >= end, other.offset - end < Self.gapBytes,
        other.offset + other.byteCount - block.offset <= Self.bufferBytes
      else { break }
      end = other.offset + other.byteCount
    }
    let count = end - block.offset
    if buffer.count < count { buffer = [UInt8](repeating: 0, count: count) }
    range = 0..<0
    do {
      var span = buffer.mutableSpan
      var whole = unsafe span.mutableBytes
      var bytes = whole._mutatingExtracting(first: count)
      try tree.files.file(block.file).read(at: block.offset, into: &bytes)
    }
    file = block.file
    range = block.offset..<end
  }
}
