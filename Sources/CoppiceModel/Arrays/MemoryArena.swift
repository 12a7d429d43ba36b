import Synchronization

/// Gives out blocks of memory one after the other from mappings that they share.
///
/// Arrays of a few megabytes would end in pages of 4 KiB if each had a mapping of its own.
/// A block's pages go back to the system with the block; its mapping stays until all its blocks and the
/// arena have let go. No bytes are given out twice, so that all of them are zeros.
final class MemoryArena: Sendable {
  /// What all arrays of the process share.
  static let shared = MemoryArena()

  /// A part of a mapping, in whole pages.
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

  /// Mappings grow from one to the next, so that small programs stay small.
  private static let leastBytes = 4 << 20
  private static let mostBytes = 64 << 20

  /// Larger blocks have mappings of their own.
  static let largestBlock = 32 << 20

  /// Takes a block of at most `largestBlock` bytes; `nil` where the system has no memory for it.
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
