import CoppiceTestSupport
import Testing

@testable import CoppiceCompression

/// The check value of the polynomial's catalogues, and its definition bit by bit.
@Suite struct CRC32Tests {
  private func sum(_ pieces: [ArraySlice<UInt8>]) -> UInt32 {
    var sum = CRC32()
    for piece in pieces { sum.update(piece.span.bytes) }
    return sum.value
  }

  private func definition(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in
        crc & 1 != 0 ? (crc >> 1) ^ 0xedb8_8320 : crc >> 1
      }
    }
  }

  @Test func givesTheKnownSums() {
    #expect(sum([]) == 0)
    #expect(sum([[]]) == 0)
    #expect(sum([Array("123456789".utf8)[...]]) == 0xcbf4_3926)
  }

  @Test func givesTheSumOfTheDefinition() {
    var random = SeededGenerator(seed: 3)
    let bytes = (0..<5_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    // Around the 64 bytes that the fast loop takes at once, from every alignment.
    for start in 0..<16 {
      for count in [1, 15, 16, 63, 64, 65, 127, 128, 129, 191, 192, 1_000, 4_096] {
        let part = bytes[start..<(start + count)]
        #expect(sum([part]) == definition(part), "\(count) bytes from \(start)")
      }
    }
    for cut in [0, 1, 63, 64, 65, 2_500, 4_999, 5_000] {
      #expect(sum([bytes[..<cut], bytes[cut...]]) == definition(bytes[...]))
    }
  }
}
