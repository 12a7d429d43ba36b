#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The memory behind arrays: allocated once, filled once, and never changed while it is shared.
///
/// Large blocks come from `mmap` with transparent huge pages, since the first touch of 4 KiB pages
/// costs more than reading the data into them.
@safe public final class ArrayStorage: @unchecked Sendable {
  // Unchecked: `base` is written only where nobody else can see it: inside the initialiser's closure,
  // and by an array that holds the only reference.
  @usableFromInline let base: UnsafeMutableRawPointer

  /// The number of bytes.
  public let byteCount: Int

  private let isMapped: Bool

  /// From this size on, memory is mapped and asks for huge pages.
  private static let mappingThreshold = 4 << 20

  /// From this size on, memory begins at a page.
  private static let pageThreshold = 256 << 10
  private static let pageBytes = 4096

  /// Every block begins at a multiple of this many bytes.
  package static let alignment = 64

  /// Makes a block and lets the caller fill it.
  ///
  /// - Throws: What `fill` throws, or `limit.memory` when the system has no memory for the block.
  public init(
    byteCount: Int, filledBy fill: (inout MutableRawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    self.byteCount = byteCount
    (unsafe base, isMapped) = try unsafe Self.allocate(byteCount)
    if !isMapped { unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount) }
    var span = unsafe MutableRawSpan(_unsafeStart: base, byteCount: byteCount)
    try fill(&span)
  }

  /// Takes memory from the system; mapped memory is zeros.
  private static func allocate(
    _ byteCount: Int
  ) throws(CoppiceError) -> (base: UnsafeMutableRawPointer, isMapped: Bool) {
    if byteCount >= mappingThreshold {
      let memory = unsafe mmap(
        nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
        throw .outOfMemory(byteCount: byteCount)
      }
      #if os(Linux)
        unsafe madvise(memory, byteCount, MADV_HUGEPAGE)
      #endif
      return unsafe (memory, true)
    }
    // Whole pages can be written past the page cache from where they lie.
    let alignment = byteCount >= pageThreshold ? pageBytes : alignment
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(byteCount, 1), alignment: alignment)
    return unsafe (memory, false)
  }

  /// Makes a block with a copy of bytes; small ones are not set to zeros first.
  package init(copying bytes: RawSpan) throws(CoppiceError) {
    byteCount = bytes.byteCount
    (unsafe base, isMapped) = try unsafe Self.allocate(byteCount)
    var span = unsafe MutableRawSpan(_unsafeStart: base, byteCount: byteCount)
    span.copy(from: bytes, at: 0)
  }

  deinit {
    if isMapped {
      unsafe munmap(base, byteCount)
    } else {
      unsafe base.deallocate()
    }
  }

  /// Lends the bytes to a closure.
  public func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: byteCount))
  }

  /// Lends the bytes to be changed; the caller holds the only reference.
  func withUniqueBytes<Result, Failure: Error>(
    _ body: (inout MutableRawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = unsafe MutableRawSpan(_unsafeStart: base, byteCount: byteCount)
    return try body(&span)
  }
}
