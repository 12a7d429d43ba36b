import CoppiceModel
import Testing

@testable import CoppiceCompression

@Suite struct StreamTests {
  enum Codec: CaseIterable, Sendable {
    case gzip, zlib, zstd

    func stream(_ bytes: [UInt8], buffer: Int) throws(CoppiceError) -> any ByteStream {
      let source = SourceStream(TestBytes(bytes: bytes))
      switch self {
      case .gzip: return try InflateStream(source, .gzip, bufferSize: buffer)
      case .zlib: return try InflateStream(source, .zlib, bufferSize: buffer)
      case .zstd: return try ZstdStream(source, bufferSize: buffer)
      }
    }

    func decode(
      _ bytes: [UInt8], buffer: Int = 64, pieces: Int = 9
    ) throws(CoppiceError) -> [UInt8] {
      try stream(bytes, buffer: buffer).everything(pieces: pieces)
    }
  }

  @Test(arguments: [1, 2, 5, 64], [1, 7, 31, 32, 1000])
  func decodesInAnyPieces(_ buffer: Int, _ pieces: Int) throws {
    let vectors: [(Codec, [UInt8])] = [
      (.gzip, Vectors.gzip), (.zlib, Vectors.zlib), (.zstd, Vectors.zstd),
      (.zstd, Vectors.zstdUnsized),
    ]
    for (codec, vector) in vectors {
      #expect(try codec.decode(vector, buffer: buffer, pieces: pieces) == Vectors.text)
    }
  }

  @Test func decodesFramesAndMembersInARow() throws {
    let twice = Vectors.text + Vectors.text
    #expect(try Codec.gzip.decode(Vectors.gzip + Vectors.gzip) == twice)
    #expect(try Codec.zstd.decode(Vectors.zstd + Vectors.zstdUnsized) == twice)
    let skipped = Vectors.skippable + Vectors.zstd + Vectors.skippable + Vectors.zstd
    #expect(try Codec.zstd.decode(skipped) == twice)
  }

  @Test(arguments: Codec.allCases)
  func refusesBytesAfterTheEnd(_ codec: Codec) {
    let vector = codec == .gzip ? Vectors.gzip : codec == .zlib ? Vectors.zlib : Vectors.zstd
    for garbage: [UInt8] in [[0x41], [0], Array("garbage after".utf8)] {
      let error = #expect(throws: CoppiceError.self) { try codec.decode(vector + garbage) }
      #expect([.compressionDamaged, .compressionTruncated].contains(error?.code))
    }
  }

  @Test(arguments: Codec.allCases)
  func refusesEveryTruncation(_ codec: Codec) {
    let vector = codec == .gzip ? Vectors.gzip : codec == .zlib ? Vectors.zlib : Vectors.zstdUnsized
    for count in 0..<vector.count {
      let error = #expect(throws: CoppiceError.self) { try codec.decode(Array(vector[..<count])) }
      #expect(error?.code == .compressionTruncated, "\(count)")
    }
  }

  @Test func refusesWrongChecksums() {
    for (codec, vector) in [
      (Codec.gzip, Vectors.gzip), (.zlib, Vectors.zlib), (.zstd, Vectors.zstdUnsized),
    ] {
      var damaged = vector
      damaged[codec == .gzip ? vector.count - 8 : vector.count - 1] ^= 1
      let error = #expect(throws: CoppiceError.self) { try codec.decode(damaged) }
      #expect(error?.code == .compressionDamaged)
    }
  }

  @Test(arguments: Codec.allCases)
  func neverTrapsOnDamage(_ codec: Codec) {
    let vector = codec == .gzip ? Vectors.gzip : codec == .zlib ? Vectors.zlib : Vectors.zstd
    for index in vector.indices {
      for bit in 0..<8 {
        var damaged = vector
        damaged[index] ^= 1 << bit
        // Any result but a trap is right: zlib and zstd without a checksum don't detect every
        // change.
        _ = try? codec.decode(damaged, pieces: 1000)
      }
    }
  }

  @Test func decodesFramesLargerThanAnyBuffer() throws {
    let content = someBytes(700_000)
    var frame: [UInt8] = []
    try ZstdCompressor(level: 3).compress(content.span.bytes, into: &frame)
    #expect(try Codec.zstd.decode(frame, buffer: 1000, pieces: 100_003) == content)
    #expect(
      try ZstdDecompressor.decompressAll(TestBytes(bytes: frame), limit: 700_000) == content)
  }

  @Test func givesNoMoreThanTheLimit() throws {
    let source = TestBytes(bytes: Vectors.zstd)
    #expect(try ZstdDecompressor.decompressAll(source, limit: 31) == Vectors.text)
    for limit in [30, 1] {
      let error = #expect(throws: CoppiceError.self) {
        try ZstdDecompressor.decompressAll(source, limit: limit)
      }
      #expect(error?.code == .compressionSize)
    }
  }

  @Test func endsWhereDeclared() throws {
    let stream = try Codec.zstd.stream(Vectors.zstd, buffer: 64)
    let head = try filled(30) { (bytes: inout MutableRawSpan) throws(CoppiceError) in
      try stream.readExactly(into: &bytes)
    }
    #expect(head == Array(Vectors.text.dropLast()))
    #expect(throws: CoppiceError.self) { try stream.requireEnd() }
    var buffer: [UInt8] = []
    let other = try Codec.zstd.stream(Vectors.zstd, buffer: 64)
    try other.skip(31, through: &buffer)
    try other.requireEnd()
    let third = try Codec.zstd.stream(Vectors.zstd, buffer: 64)
    let error = #expect(throws: CoppiceError.self) { try third.skip(32, through: &buffer) }
    #expect(error?.code == .compressionSize)
  }
}
