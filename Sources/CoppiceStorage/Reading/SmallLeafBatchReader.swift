import CoppiceFiles
import CoppiceFormat
package import CoppiceModel

/// Reads small leaves that lie one after the other in a file with one system call for many, into
/// memory that they share.
///
/// Nothing is read that no leaf of the run needs, but for gaps of less than a page. An array of such a
/// run keeps the memory of its neighbours: at most `bufferBytes`.
package struct SmallLeafBatchReader: ~Copyable {
  private let leaves: [SmallLeaf?]
  private var memory: ArrayMemory?
  private var file = -1
  private var range = 0..<0

  /// A leaf that is small and plain.
  private struct SmallLeaf {
    var source: StoredArraySource
    var block: StoredBlock
    var end: Int { block.offset + block.byteCount }
  }

  /// Leaves with more bytes are read where they are wanted.
  private static let largestLeaf = 256 << 10
  /// The most bytes that are read at once: a huge page of memory, so that it is touched once.
  package static let bufferBytes = 2 << 20
  private static let gapBytes = 4096

  /// Makes a reader of leaves that are loaded in this order.
  package init(_ sources: some Sequence<any ArraySource>) {
    leaves = sources.map { source in
      guard let source = source as? StoredArraySource,
        let block = source.tree.plainBlock(source.ordinal), block.byteCount <= Self.largestLeaf
      else { return nil }
      return SmallLeaf(source: source, block: block)
    }
  }

  /// Loads the leaf at an index; `nil` for one that isn't small and plain.
  ///
  /// - Throws: `arrays.digest-mismatch`, `io.*`.
  package mutating func load(_ index: Int) throws(CoppiceError) -> NDArray? {
    guard let leaf = leaves[index] else { return nil }
    let block = leaf.block
    if block.file != file || block.offset < range.lowerBound || leaf.end > range.upperBound {
      try fill(from: index, leaf)
    }
    guard let memory else { return nil }
    let start = block.offset - range.lowerBound
    let part = start..<(start + block.byteCount)
    if leaf.source.tree.blocks.verifies {
      try block.check(memory.withBytes { Digest(of: $0.extracting(part)) })
    }
    let (dtype, shape) = (leaf.source.dtype, leaf.source.shape)
    // Blocks of other writers need not be aligned.
    guard start % ArrayStorage.alignment == 0 else {
      return try memory.withBytes { (bytes) throws(CoppiceError) in
        try NDArray(dtype: dtype, shape: shape, copying: bytes.extracting(part))
      }
    }
    return NDArray(dtype: dtype, shape: shape, part: part, of: memory)
  }

  private mutating func fill(from index: Int, _ leaf: SmallLeaf) throws(CoppiceError) {
    let first = leaf.block
    var end = leaf.end
    for next in leaves[(index + 1)...] {
      guard let next, next.source.tree === leaf.source.tree, next.block.file == first.file,
        next.block.offset >= end, next.block.offset - end < Self.gapBytes,
        next.end - first.offset <= Self.bufferBytes
      else { break }
      end = next.end
    }
    let filled = try ArrayMemory(byteCount: end - first.offset)
    let source = try first.files.file(first.file)
    try filled.withUniqueBytes { (bytes: inout MutableRawSpan) throws(CoppiceError) in
      try source.read(at: first.offset, into: &bytes)
    }
    memory = filled
    file = first.file
    range = first.offset..<end
  }
}
