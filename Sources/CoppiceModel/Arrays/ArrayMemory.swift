#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A block of memory from the system, given back when its last owner goes.
///
/// Large blocks come from `mmap` with transparent huge pages, since the first touch of 4 KiB pages
/// costs more than reading the data into them.
@safe package final class ArrayMemory: @unchecked Sendable {
  // Unchecked: `base` is written only where nobody else can see it: while the block is filled, and
  // by an array that holds the only reference to its part.
  let base: UnsafeMutableRawPointer

  /// The number of bytes.
  package let byteCount: Int

  /// The bytes that were mapped; `nil` for a block of the heap.
  private let mappedBytes: Int?

  /// From this size on, memory is mapped and asks for huge pages.
  private static let mappingThreshold = 4 << 20
  private static let hugePageBytes = 2 << 20

  /// From this size on, memory begins at a page.
  private static let pageThreshold = 256 << 10
  private static let pageBytes = 4096

  /// Every block begins at a multiple of this many bytes.
  package static let alignment = 64

  /// Takes a block of unspecified content: whoever makes it fills it.
  ///
  /// - Throws: `limit.memory` when the system has no memory for it.
  package init(byteCount: Int) throws(CoppiceError) {
    self.byteCount = byteCount
    guard let mapped = Self.mappedBytes(for: byteCount) else {
      mappedBytes = nil
      // Whole pages can be written past the page cache from where they lie.
      unsafe base = UnsafeMutableRawPointer.allocate(
        byteCount: max(byteCount, 1),
        alignment: byteCount >= Self.pageThreshold ? Self.pageBytes : Self.alignment)
      return
    }
    let memory = unsafe mmap(
      nil, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
      throw .outOfMemory(byteCount: byteCount)
    }
    #if os(Linux)
      unsafe madvise(memory, mapped, MADV_HUGEPAGE)
    #endif
    mappedBytes = mapped
    unsafe base = memory
  }

  deinit {
    if let mappedBytes {
      unsafe munmap(base, mappedBytes)
    } else {
      unsafe base.deallocate()
    }
  }

  /// Whether the block was zeros when it was taken.
  var isZeroed: Bool { mappedBytes != nil }

  /// The bytes to map for a block: those of large ones, and whole huge pages for what nearly fills
  /// them.
  private static func mappedBytes(for byteCount: Int) -> Int? {
    if byteCount >= mappingThreshold { return byteCount }
    let (rounded, overflow) = byteCount.addingReportingOverflow(hugePageBytes - 1)
    guard !overflow else { return byteCount }
    let pages = rounded / hugePageBytes * hugePageBytes
    return pages - byteCount <= byteCount / 16 && byteCount > 0 ? pages : nil
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
