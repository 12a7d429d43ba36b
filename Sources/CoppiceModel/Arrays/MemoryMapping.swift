#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory mapped from the system, zeros at first, unmapped when its last owner goes.
///
/// It begins at a multiple of a huge page and asks for huge pages, since the first touch of pages of
/// 4 KiB costs more than reading data into them.
@safe final class MemoryMapping: @unchecked Sendable {
  // Unchecked: it only keeps the address; blocks of it are their owners'.
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  /// What the system gives back at once: of a part it would take the bytes beside it as well.
  static let pageBytes = max(4096, Int(sysconf(Int32(_SC_PAGESIZE))))
  static let hugePageBytes = 2 << 20

  /// Maps at least so many bytes; `nil` where the system has no memory for it.
  init?(byteCount wanted: Int) {
    guard wanted <= .max - 2 * Self.hugePageBytes else { return nil }
    let byteCount = Self.rounded(wanted, to: Self.hugePageBytes)
    // Systems begin mappings anywhere: what lies before and after whole huge pages goes back.
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
      // The last page is a huge one where most of it is asked for.
      let part = wanted % Self.hugePageBytes
      let isMostly = part == 0 || part >= Self.hugePageBytes / 2
      unsafe madvise(
        base, isMostly ? byteCount : byteCount - Self.hugePageBytes, MADV_HUGEPAGE)
    #endif
  }

  deinit { unsafe munmap(base, byteCount) }

  /// Gives whole pages back to the system; who reads them again finds zeros.
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
