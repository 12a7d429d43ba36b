/// Random numbers that are the same in every run: SplitMix64.
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

extension SeededGenerator {
  /// Damages bytes in one of the ways that disks and attackers have.
  package mutating func damage(_ bytes: inout [UInt8], keepingLength: Bool = false) {
    guard !bytes.isEmpty else { return }
    let place = Int.random(in: bytes.indices, using: &self)
    switch Int.random(in: 0..<(keepingLength ? 4 : 6), using: &self) {
    case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
    case 1: bytes[place] = UInt8.random(in: .min ... .max, using: &self)
    case 2:
      // Numbers at the edges, where arithmetic goes wrong.
      let edge: [UInt8] = [0xFF, 0x80, 0x7F, 0x00, 0x01, 0xFE]
      let value = edge[Int.random(in: edge.indices, using: &self)]
      for index in place..<min(place + Int.random(in: 1...9, using: &self), bytes.count) {
        bytes[index] = value
      }
    case 3: bytes.swapAt(place, Int.random(in: bytes.indices, using: &self))
    case 4: bytes.removeSubrange(place...)
    default: bytes.insert(UInt8.random(in: .min ... .max, using: &self), at: place)
    }
  }
}
