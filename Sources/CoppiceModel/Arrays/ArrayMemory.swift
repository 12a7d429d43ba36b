/// A block of memory from the system, freed when its last owner releases it.
///
/// Blocks of 256 KiB and more lie in mappings of huge pages: large blocks in a mapping of their
/// own, the others in shared ones.
@safe package final class ArrayMemory: @unchecked Sendable {
  // Unchecked: `base` is written only while no other thread can see it: while the block is filled,
  // and by an array that holds the only reference to its bytes.
  let base: UnsafeMutableRawPointer

  /// The number of bytes.
  package let byteCount: Int

  private let owner: Owner

  /// The owner of the block's bytes.
  private enum Owner {
    case heap
    case mapping(MemoryMapping)
    case arena(MemoryArena.Block)
  }

  /// The size from which memory is mapped and begins at a page.
  private static let mappingThreshold = 256 << 10

  /// The alignment of every block in bytes.
  package static let alignment = 64

  /// Allocates a block with unspecified content, which the caller must fill.
  ///
  /// - Throws: `limit.memory` when the system has no memory for it.
  package init(byteCount: Int) throws(CoppiceError) {
    self.byteCount = byteCount
    if byteCount < Self.mappingThreshold {
      owner = .heap
      unsafe base = UnsafeMutableRawPointer.allocate(
        byteCount: max(byteCount, 1), alignment: Self.alignment)
    } else if byteCount <= MemoryArena.largestBlock {
      guard let block = MemoryArena.shared.take(byteCount: byteCount) else {
        throw .outOfMemory(byteCount: byteCount)
      }
      owner = .arena(block)
      unsafe base = block.mapping.base + block.range.lowerBound
    } else {
      guard let mapping = MemoryMapping(byteCount: byteCount) else {
        throw .outOfMemory(byteCount: byteCount)
      }
      owner = .mapping(mapping)
      unsafe base = mapping.base
    }
  }

  deinit {
    switch owner {
    case .heap: unsafe base.deallocate()
    case .mapping: break
    case .arena(let block): block.mapping.discard(block.range)
    }
  }

  /// Whether the block was filled with zeros when it was allocated.
  var isZeroed: Bool {
    if case .heap = owner { false } else { true }
  }

  /// Passes the bytes to a closure that fills them; the caller holds the only reference.
  package func withUniqueBytes<Result, Failure: Error>(
    _ body: (inout MutableRawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = unsafe MutableRawSpan(_unsafeStart: base, byteCount: byteCount)
    return try body(&span)
  }

  /// Passes the bytes to a closure.
  package func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: byteCount))
  }
}
