import CoppiceTestSupport
import Testing

@testable import CoppiceCompression

/// The vectors of RFC 3720, B.4, and the check value of the polynomial's catalogues.
@Suite struct CRC32CTests {
  static let vectors: [(bytes: [UInt8], sum: UInt32)] = [
    (Array(repeating: 0, count: 32), 0x8a91_36aa),
    (Array(repeating: 0xff, count: 32), 0x62a8_ab43),
    (Array(0..<32), 0x46dd_794e),
    (Array((0..<32).reversed()), 0x113f_db5c),
    (
      [
        0x01, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0,
        0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
      ], 0xd996_3a56
    ),
    (Array("123456789".utf8), 0xe306_9283),
    ([], 0),
  ]

  @Test func givesTheKnownSums() {
    for (bytes, sum) in Self.vectors {
      #expect(CRC32C.extend(0, bytes.span.bytes) == sum)
    }
  }

  @Test func givesOneSumHoweverTheBytesAreCut() {
    // Long enough for every one of the fast loops, from every alignment.
    var random = SeededGenerator(seed: 3)
    let bytes = (0..<40_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let table = bytes.reduce(~UInt32(0)) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in
        crc & 1 != 0 ? (crc >> 1) ^ 0x82f6_3b78 : crc >> 1
      }
    }
    #expect(CRC32C.extend(0, bytes.span.bytes) == ~table)
    for cut in [1, 7, 8, 255, 768, 769, 12_287, 12_288, 25_001] {
      let head = CRC32C.extend(0, bytes.span.bytes.extracting(0..<cut))
      #expect(CRC32C.extend(head, bytes.span.bytes.extracting(cut..<bytes.count)) == ~table)
    }
  }

  @Test func knowsASumAtTheEnd() {
    let good = Array("123456789".utf8) + [0x83, 0x92, 0x06, 0xe3]
    #expect(CRC32C.holds(good))
    #expect(!CRC32C.holds(Array(good.dropFirst())))
    #expect(!CRC32C.holds([1, 2, 3]))
  }
}
