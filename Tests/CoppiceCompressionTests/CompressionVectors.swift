import CoppiceCompression
import CoppiceModel

/// One short text as several programs compress it.
enum Vectors {
  static let text = Array("coppice coppice coppice coppice".utf8)

  /// Python's `gzip.compress(text, 6, mtime=0)`.
  static let gzip: [UInt8] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x4b, 0xce, 0x2f, 0x28, 0xc8, 0x4c,
    0x4e, 0x55, 0x48, 0xc6, 0x4e, 0x03, 0x00, 0xf7, 0x31, 0x19, 0xec, 0x1f, 0x00, 0x00, 0x00,
  ]

  /// Python's `zlib.compress(text, 6)`.
  static let zlib: [UInt8] = [
    0x78, 0x9c, 0x4b, 0xce, 0x2f, 0x28, 0xc8, 0x4c, 0x4e, 0x55, 0x48, 0xc6, 0x4e, 0x03, 0x00, 0xbf,
    0x43, 0x0b, 0xed,
  ]

  /// python-zstandard, level 3: the size is stated.
  static let zstd: [UInt8] = [
    0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x1f, 0x75, 0x00, 0x00, 0x40, 0x63, 0x6f, 0x70, 0x70, 0x69, 0x63,
    0x65, 0x20, 0x01, 0x00, 0xab, 0x0b, 0x17,
  ]

  /// The same with a checksum and without the size.
  static let zstdUnsized: [UInt8] = [
    0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x00, 0x75, 0x00, 0x00, 0x40, 0x63, 0x6f, 0x70, 0x70, 0x69, 0x63,
    0x65, 0x20, 0x01, 0x00, 0xab, 0x0b, 0x17, 0xff, 0x64, 0x9b, 0x79,
  ]

  /// RFC 8878, 3.1.2: a frame of user data, to be passed over.
  static let skippable: [UInt8] = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]
}

/// Bytes in memory as a source.
struct TestBytes: ByteSource {
  var bytes: [UInt8]
  var byteCount: Int { bytes.count }

  func read(at offset: Int, into target: inout MutableRawSpan) throws(CoppiceError) {
    let end = offset + target.byteCount
    target.copy(from: bytes.span.bytes.extracting(offset..<end), at: 0)
  }
}

extension ByteStream {
  /// Everything up to the end, in pieces of so many bytes.
  func everything(pieces size: Int) throws(CoppiceError) -> [UInt8] {
    var all: [UInt8] = []
    while true {
      var piece = [UInt8](repeating: 0, count: size)
      let got = try fill(&piece)
      all += piece[..<got]
      if got < size { return all }
    }
  }

  private func fill(_ piece: inout [UInt8]) throws(CoppiceError) -> Int {
    var span = piece.mutableSpan
    var bytes = span.mutableBytes
    return try read(into: &bytes)
  }
}

/// Runs a closure over the bytes of an array to fill.
func filled(
  _ count: Int, _ body: (inout MutableRawSpan) throws(CoppiceError) -> Void
) throws(CoppiceError) -> [UInt8] {
  var bytes = [UInt8](repeating: 0xAA, count: count)
  var span = bytes.mutableSpan
  var target = span.mutableBytes
  try body(&target)
  return bytes
}

/// Repeatable bytes that compress somewhat.
func someBytes(_ count: Int) -> [UInt8] {
  var state: UInt64 = 7
  return (0..<count).map { index in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return index % 3 == 0 ? 0x3F : UInt8(truncatingIfNeeded: state >> 60)
  }
}
