/// A block of memory from the system, given back when its last owner goes.
///
/// From 256 KiB on, blocks lie in mappings of huge pages: large ones in their own, others in such as
/// they share.
@safe package final class ArrayMemory: @unchecked Sendable {
  // Unchecked: `base` is written only where nobody else can see it: while the block is filled, and
  // by an array that holds the only reference to its part.
  let base: UnsafeMutableRawPointer

  /// The number of bytes.
  package let byteCount: Int

  private let owner: Owner

  /// Where a block lies.
  private enum Owner {
    case heap
    case mapping(MemoryMapping)
    case arena(MemoryArena.Block)
  }

  /// From this size on, memory is mapped, and begins at a page.
  private static let mappingThreshold = 256 << 10

  /// Every block begins at a multiple of this many bytes.
  package static let alignment = 64

  /// Takes a block of unspecified content: whoever makes it fills it.
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

  /// Whether the block was zeros when it was taken.
  var isZeroed: Bool {
    if case .heap = owner { false } else { true }
  }

  /// Lends the bytes to be filled; the caller holds the only reference.
  package func withUniqueBytes<Result, Failure: Error>(
    _ body: (inout MutableRawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = unsafe MutableRawSpan(_unsafeStart: base, byteCount: byteCount)
    return try body(&span)
  }

  /// Lends the bytes to a closure.
  package func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: byteCount))
  }
}
