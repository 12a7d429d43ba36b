import CoppiceModel
import Testing

@testable import CoppiceCompression

/// Chunks as the format has them: one frame that states its size.
@Suite struct ZstdChunkTests {
  private func decode(_ frame: [UInt8], _ count: Int) throws(CoppiceError) -> [UInt8] {
    try filled(count) { (bytes: inout MutableRawSpan) throws(CoppiceError) in
      try ZstdDecompressor.decompress(frame.span.bytes, into: &bytes)
    }
  }

  @Test func decodesAFrameOfThatSize() throws {
    #expect(try decode(Vectors.zstd, 31) == Vectors.text)
  }

  @Test func refusesAllOtherFrames() {
    // A window of 16 MiB, a dictionary's number: the header's second and third byte say so.
    let wide: [UInt8] =
      [0x28, 0xb5, 0x2f, 0xfd, 0x80, 0x70, 31, 0, 0, 0] + Vectors.zstd.dropFirst(6)
    let dictionary: [UInt8] =
      [0x28, 0xb5, 0x2f, 0xfd, 0x21, 0x05, 0x1f] + Vectors.zstd.dropFirst(6)
    let cases: [(frame: [UInt8], count: Int, code: CoppiceError.Code)] = [
      (Vectors.zstd, 30, .compressionSize), (Vectors.zstd, 32, .compressionSize),
      (Vectors.zstdUnsized, 31, .compressionFrame), (wide, 31, .compressionFrame),
      (dictionary, 31, .compressionFrame), ([], 31, .compressionFrame),
      (Vectors.skippable + Vectors.zstd, 31, .compressionFrame),
      (Vectors.zstd + [0], 31, .compressionFrame),
      (Vectors.zstd + Vectors.skippable, 31, .compressionFrame),
      (Vectors.zstd + Vectors.zstd, 31, .compressionFrame),
      (Array(Vectors.zstd.dropLast()), 31, .compressionDamaged),
      (Vectors.gzip, 31, .compressionFrame),
    ]
    for (frame, count, code) in cases {
      let error = #expect(throws: CoppiceError.self) { try decode(frame, count) }
      #expect(error?.code == code, "\(error?.description ?? "")")
    }
  }

  @Test(arguments: [0, 1, 31, 1 << 17, 300_000], [1, 3, 12])
  func compressesForItself(_ count: Int, _ level: Int) throws {
    let content = someBytes(count)
    let compressor = try ZstdCompressor(level: level)
    var frame: [UInt8] = [1, 2, 3]
    try compressor.compress(content.span.bytes, into: &frame)
    let found = ZstdFrameHeader(frame.span.bytes)
    let header = try #require(found)
    #expect(header.contentSize == count && !header.hasChecksum && !header.hasDictionary)
    #expect(header.windowSize <= ZstdDecompressor.strictWindow)
    #expect(try decode(frame, count) == content)
    // Earlier frames of the same context don't influence the result.
    var again: [UInt8] = []
    try compressor.compress(content.span.bytes, into: &again)
    #expect(again == frame)
    var byAnother: [UInt8] = []
    try ZstdCompressor(level: level).compress(content.span.bytes, into: &byAnother)
    #expect(byAnother == frame)
  }

  @Test func keepsTheWindowBoundAtTheHighestLevel() throws {
    // 9 MiB of zeros: libzstd's own window at level 22 would be 128 MiB.
    let content = [UInt8](repeating: 0, count: 9 << 20)
    var frame: [UInt8] = []
    try ZstdCompressor(level: 22).compress(content.span.bytes, into: &frame)
    #expect(try decode(frame, content.count) == content)
  }

  @Test func saysWhenNothingIsGained() throws {
    var state: UInt64 = 1
    let noise = (0..<4096).map { _ -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    let compressor = try ZstdCompressor(level: 3)
    var size: Int? = 0
    _ = try filled(noise.count - 1) { (bytes: inout MutableRawSpan) throws(CoppiceError) in
      size = try compressor.compress(noise.span.bytes, into: &bytes)
    }
    #expect(size == nil)
  }
}
