#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory mapped from the system, initially zeroed, and unmapped when its last owner releases it.
///
/// It is aligned to huge pages and asks the system for them: the first touch of pages of 4 KiB
/// costs more than reading data into them.
@safe final class MemoryMapping: @unchecked Sendable {
  // Unchecked: this only keeps the address; the bytes belong to the owners of blocks.
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  /// The unit in which memory returns to the system; discarding part of one would zero the rest
  /// too.
  static let pageBytes = max(4096, Int(sysconf(Int32(_SC_PAGESIZE))))
  static let hugePageBytes = 2 << 20

  /// Maps at least a number of bytes; `nil` when the system has no memory for them.
  init?(byteCount wanted: Int) {
    guard wanted <= .max - 2 * Self.hugePageBytes else { return nil }
    let byteCount = Self.rounded(wanted, to: Self.hugePageBytes)
    // Mappings may begin at any page: unmap the bytes before and after whole huge pages.
    let length = byteCount + Self.hugePageBytes
    let memory = unsafe mmap(
      nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { return nil }
    let before =
      Self.rounded(Int(bitPattern: memory), to: Self.hugePageBytes) - Int(bitPattern: memory)
    if before > 0 { unsafe munmap(memory, before) }
    unsafe base = memory + before
    self.byteCount = byteCount
    let after = length - before - byteCount
    if after > 0 { unsafe munmap(base + byteCount, after) }
    #if os(Linux)
      // The last page is a huge one if at least half of it is needed.
      let part = wanted % Self.hugePageBytes
      let isMostly = part == 0 || part >= Self.hugePageBytes / 2
      unsafe madvise(
        base, isMostly ? byteCount : byteCount - Self.hugePageBytes, MADV_HUGEPAGE)
    #endif
  }

  deinit { unsafe munmap(base, byteCount) }

  /// Returns whole pages to the system; they read as zeros afterwards.
  func discard(_ range: Range<Int>) {
    #if os(Linux)
      unsafe madvise(base + range.lowerBound, range.count, MADV_DONTNEED)
    #else
      unsafe madvise(base + range.lowerBound, range.count, MADV_FREE)
    #endif
  }

  static func rounded(_ count: Int, to multiple: Int) -> Int {
    (count + multiple - 1) / multiple * multiple
  }
}
