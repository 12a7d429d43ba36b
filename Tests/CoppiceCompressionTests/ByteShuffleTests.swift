import CoppiceModel
import Testing

@testable import CoppiceCompression

@Suite struct ByteShuffleTests {
  @Test func putsFirstBytesFirst() throws {
    // The HDF5 specification's example: bytes of the same significance together.
    let bytes: [UInt8] = [1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24, 99]
    #expect(try shuffled(bytes, 4) == [1, 11, 21, 2, 12, 22, 3, 13, 23, 4, 14, 24, 99])
    #expect(try shuffled(bytes, 1) == bytes)
    #expect(try shuffled([1, 2], 4) == [1, 2])
    #expect(try shuffled([], 4) == [])
  }

  @Test(arguments: [1, 2, 3, 4, 5, 8, 12, 16])
  func agreesWithItsDefinitionAndComesBack(_ width: Int) throws {
    for count in [0, 1, 15, 16, 17, 33, 511, 512, 513, 1040] {
      let bytes = someBytes(count * width + width / 2)
      let expected =
        (0..<width).flatMap { plane in (0..<count).map { bytes[$0 * width + plane] } }
        + bytes.dropFirst(count * width)
      let shuffled = try shuffled(bytes, width)
      #expect(shuffled == expected, "\(count)")
      let back = try filled(bytes.count) { (target: inout MutableRawSpan) in
        ByteShuffle.unshuffle(shuffled.span.bytes, width: width, into: &target)
      }
      #expect(back == bytes, "\(count)")
    }
  }

  private func shuffled(_ bytes: [UInt8], _ width: Int) throws -> [UInt8] {
    try filled(bytes.count) { (target: inout MutableRawSpan) in
      ByteShuffle.shuffle(bytes.span.bytes, width: width, into: &target)
    }
  }
}
