import Testing

@testable import CoppiceModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory of arrays: zeroed where promised, disjoint, and returned to the system.
struct ArrayMemoryTests {
  /// Sizes around the bounds: of the heap, of shared mappings, of huge pages.
  static let sizes = [
    1, 4095, (256 << 10) - 1, 256 << 10, (256 << 10) + 1, (2 << 20) - 1, 5 << 20, 32 << 20,
    (32 << 20) + 1,
  ]

  @Test(arguments: sizes) func aBlockHasItsBytesAndNoMore(_ size: Int) throws {
    // Several blocks, so that they are neighbours.
    let blocks = try (0..<3).map { _ in try ArrayMemory(byteCount: size) }
    for (index, block) in blocks.enumerated() {
      #expect(UInt(bitPattern: block.base) % 64 == 0)
      if size >= 256 << 10 { #expect(UInt(bitPattern: block.base) % 4096 == 0) }
      if block.isZeroed { #expect(isFilled(block, with: 0)) }
      block.base.initializeMemory(as: UInt8.self, repeating: UInt8(index + 1), count: size)
    }
    for (index, block) in blocks.enumerated() {
      #expect(isFilled(block, with: UInt8(index + 1)))
    }
  }

  #if os(Linux)
    /// The pages of a released block return to the system although its neighbours stay.
    @Test func pagesOfOneBlockAreGivenBack() throws {
      let arena = MemoryArena()
      let (first, second) = (
        try #require(arena.take(byteCount: 300_000)), try #require(arena.take(byteCount: 5000))
      )
      #expect(first.mapping === second.mapping)
      #expect(second.range.lowerBound == first.range.upperBound)
      for block in [first, second] {
        (block.mapping.base + block.range.lowerBound).initializeMemory(
          as: UInt8.self, repeating: 7, count: block.range.count)
      }
      first.mapping.discard(first.range)
      let start = first.mapping.base
      #expect(start.load(as: UInt8.self) == 0)
      #expect(start.load(fromByteOffset: first.range.upperBound - 1, as: UInt8.self) == 0)
      #expect(start.load(fromByteOffset: second.range.lowerBound, as: UInt8.self) == 7)
    }
  #endif

  /// A block that doesn't fit begins a larger mapping, and no two blocks share a page.
  @Test func anArenaGrows() throws {
    let arena = MemoryArena()
    var blocks: [MemoryArena.Block] = []
    for size in [1 << 20, 3 << 20, 1, 32 << 20, 9 << 20] {
      blocks.append(try #require(arena.take(byteCount: size)))
    }
    #expect(blocks.map(\.range.lowerBound) == [0, 1 << 20, 0, 0, 0])
    #expect(blocks[0].mapping === blocks[1].mapping)
    #expect(blocks.map(\.mapping.byteCount) == [4 << 20, 4 << 20, 8 << 20, 32 << 20, 32 << 20])
  }

  /// More than any machine has: an error, and no crash.
  @Test(arguments: [1 << 60, .max - (5 << 20), .max - (4 << 20), .max - (2 << 20), .max - 1, .max])
  func whatTheSystemHasNotIsRefused(_ size: Int) {
    #expect(throws: CoppiceError.self) { try ArrayMemory(byteCount: size) }
  }

  /// Whether all bytes are the same one: the first is, and each is as the one before it.
  private func isFilled(_ block: ArrayMemory, with byte: UInt8) -> Bool {
    block.withBytes { bytes in
      bytes.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { return false }
        return bytes[0] == byte && memcmp(start, start + 1, bytes.count - 1) == 0
      }
    }
  }
}
