import Synchronization

/// An allocator of consecutive blocks of memory from shared mappings.
///
/// An array of a few megabytes with a mapping of its own would end in pages of 4 KiB. A block's
/// pages return to the system with the block; the mapping stays until its blocks and the arena are
/// released. No byte is allocated twice, so all blocks are zeroed.
final class MemoryArena: Sendable {
  /// The arena of all arrays of the process.
  static let shared = MemoryArena()

  /// A range of whole pages in a mapping.
  struct Block: Sendable {
    let mapping: MemoryMapping
    let range: Range<Int>
  }

  private struct State: Sendable {
    var mapping: MemoryMapping?
    var used = 0
    var nextBytes = leastBytes
  }

  private let state = Mutex(State())

  /// The first mapping is small and later ones grow, so that small programs stay small.
  private static let leastBytes = 4 << 20
  private static let mostBytes = 64 << 20

  /// The largest block; larger ones get mappings of their own.
  static let largestBlock = 32 << 20

  /// Allocates a block of at most `largestBlock` bytes; `nil` when the system has no memory for it.
  func take(byteCount: Int) -> Block? {
    let count = MemoryMapping.rounded(byteCount, to: MemoryMapping.pageBytes)
    return state.withLock { state in
      if let mapping = state.mapping, mapping.byteCount - state.used >= count {
        defer { state.used += count }
        return Block(mapping: mapping, range: state.used..<(state.used + count))
      }
      let bytes = max(state.nextBytes, count)
      guard let mapping = MemoryMapping(byteCount: bytes) else { return nil }
      state.nextBytes = min(2 * state.nextBytes, Self.mostBytes)
      (state.mapping, state.used) = (mapping, count)
      return Block(mapping: mapping, range: 0..<count)
    }
  }
}
