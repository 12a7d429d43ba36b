import CoppiceModel
import Testing

@testable import CoppiceCompression

/// Compression of byte planes: each gets a fitting search strategy, and nothing else differs.
@Suite struct ZstdPlaneTests {
  private static let planeBytes = 256 << 10

  /// Returns the frame that the level's own strategy produces.
  private func byLevel(_ bytes: [UInt8], _ level: Int = 1) throws -> [UInt8] {
    var frame: [UInt8] = []
    try ZstdCompressor(level: level).compress(bytes.span.bytes, into: &frame)
    return frame
  }

  private func compress(
    _ planes: [UInt8], by compressor: ZstdPlaneCompressor, count: Int = 4
  ) throws -> [UInt8] {
    var size: Int?
    let memory = try filled(ZstdCompressor.bound(planes.count)) {
      (bytes: inout MutableRawSpan) throws(CoppiceError) in
      size = try compressor.compress(planes.span.bytes, count: count, into: &bytes)
    }
    return Array(memory.prefix(try #require(size)))
  }

  private func decode(_ frame: [UInt8], _ count: Int) throws -> [UInt8] {
    try filled(count) { (bytes: inout MutableRawSpan) throws(CoppiceError) in
      try ZstdDecompressor.decompress(frame.span.bytes, into: &bytes)
    }
  }

  /// Elements like those of weights: two bytes of noise, one plane of zeros, and a byte that has
  /// one of few values, the small ones more often.
  private func weights(_ count: Int, seed: UInt64) -> [UInt8] {
    var state = seed
    func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
    var planes = [UInt8](repeating: 0, count: count)
    for _ in 0..<2 * count { planes.append(UInt8(truncatingIfNeeded: next() >> 7)) }
    for _ in 0..<count {
      let exponent = UInt8((next() | 1 << 20).trailingZeroBitCount)
      planes.append(0x3d &- exponent &+ (next() & 512 == 0 ? 0x80 : 0))
    }
    return planes
  }

  @Test func noiseIsNotSearchedForRepeats() throws {
    let planes = weights(Self.planeBytes, seed: 1)
    for level in [1, 3, 12] {
      let compressor = try ZstdPlaneCompressor(level: level)
      let frame = try compress(planes, by: compressor)
      // Two of the four planes don't compress; the gain comes from the fourth.
      let incompressible = 2 * Self.planeBytes
      let byLevel = try byLevel(planes, level)
      #expect(100 * (frame.count - incompressible) < 97 * (byLevel.count - incompressible))
      #expect(try decode(frame, planes.count) == planes)
      let found = ZstdFrameHeader(frame.span.bytes)
      let header = try #require(found)
      #expect(header.contentSize == planes.count && !header.hasChecksum)
      #expect(header.windowSize <= ZstdDecompressor.strictWindow)
    }
  }

  /// Equal rows, far apart; values that change slowly; and chunks too small to look at.
  @Test func whatRepeatsItselfIsSearchedAsTheLevelSays() throws {
    let row = weights(32 << 10, seed: 2)
    let tiled = (0..<4).flatMap { plane in
      (0..<8).flatMap { _ in row[(plane * 32 << 10)..<((plane + 1) * 32 << 10)] }
    }
    let slow = (0..<4 * Self.planeBytes).map { UInt8(truncatingIfNeeded: ($0 >> 4) ^ ($0 >> 11)) }
    let small = weights(16 << 10, seed: 3)
    for level in [1, 3] {
      let compressor = try ZstdPlaneCompressor(level: level)
      for planes in [tiled, slow, small] {
        #expect(try compress(planes, by: compressor) == byLevel(planes, level))
      }
    }
    #expect(try byLevel(tiled).count < tiled.count / 4)
  }

  @Test func chunksBeforeLeaveNoTrace() throws {
    let noise = weights(Self.planeBytes, seed: 4)
    let constant = [UInt8](repeating: 7, count: 4 * Self.planeBytes)
    let compressor = try ZstdPlaneCompressor(level: 1)
    let first = try compress(noise, by: compressor)
    _ = try compress(constant, by: compressor)
    _ = try compress(weights(50_000, seed: 5), by: compressor)
    #expect(try compress(noise, by: compressor) == first)
    let other = try ZstdPlaneCompressor(level: 1)
    #expect(try compress(noise, by: other) == first)
  }

  @Test func saysWhenAFrameDoesNotFit() throws {
    let noise = weights(Self.planeBytes, seed: 6)
    let compressor = try ZstdPlaneCompressor(level: 1)
    var size: Int? = 0
    _ = try filled(1 << 10) { (bytes: inout MutableRawSpan) throws(CoppiceError) in
      size = try compressor.compress(noise.span.bytes, count: 4, into: &bytes)
    }
    #expect(size == nil)
  }
}
