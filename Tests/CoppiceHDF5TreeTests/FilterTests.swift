import CoppiceHDF5
import CoppiceModel
import Testing

@testable import CoppiceHDF5Tree

/// Decoders, against what libhdf5 and h5py store.
struct FilterTests {
  private func matches(_ sum: UInt32, _ bytes: [UInt8]) -> Bool {
    Fletcher32.matches(sum, bytes.span.bytes)
  }

  @Test func sumsAsLibhdf5Does() {
    let odd: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    #expect(matches(0x5B64_241E, odd))
    let long = (0..<2000).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    #expect(matches(0x815B_B680, long))
    #expect(!matches(0x815B_B681, long))
    #expect(matches(0x5B81_80B6, long))
  }

  private let coded: [UInt8] = [
    0x03, 0x61, 0x62, 0x63, 0x61, 0xE0, 0x17, 0x02, 0x03, 0x58, 0x59, 0x5A, 0x71, 0xE0, 0x30, 0x00,
    0x01, 0x71, 0x71,
  ]
  private let plain =
    [UInt8](String(repeating: "abc", count: 12).utf8) + Array("XYZ".utf8)
    + [UInt8](repeating: 0x71, count: 60)

  private func decoded(_ coded: [UInt8], count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var span = bytes.mutableSpan
    var target = span.mutableBytes
    return LZF.decode(coded.span.bytes, into: &target) ? bytes : nil
  }

  @Test func decodesWhatLibLZFCoded() {
    #expect(decoded(coded, count: plain.count) == plain)
    #expect(decoded(coded, count: plain.count - 1) == nil)
    #expect(decoded(coded, count: plain.count + 1) == nil)
  }

  @Test func survivesAnyLZFData() {
    for length in 0..<coded.count { #expect(decoded(Array(coded[..<length]), count: 99) == nil) }
    for place in coded.indices {
      for value in UInt8.min...UInt8.max {
        var damaged = coded
        damaged[place] = value
        _ = decoded(damaged, count: plain.count)
      }
    }
  }

  @Test(arguments: [
    (4, "szip"), (5, "nbit"), (6, "scale-offset"), (32001, "Blosc"), (12345, "filter 12345"),
  ])
  func namesTheFiltersThatItDoesntRead(_ identifier: Int32, _ name: String) {
    let error = #expect(throws: CoppiceError.self) {
      try FilterPipeline([Filter(identifier: identifier)], plainBytes: 8, elementWidth: 4)
    }
    #expect(error?.code == .hdf5UnsupportedFilter)
    #expect(error?.message.contains(name) == true)
  }
}
