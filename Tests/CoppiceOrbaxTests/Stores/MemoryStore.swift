import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport

@testable import CoppiceOrbax

/// A store in memory, for changing what a real one holds.
struct MemoryStore: KeyValueStore {
  var values: [StoreKey: [UInt8]] = [:]

  init() {}

  /// Copies what a store has under a prefix.
  init(copying store: any KeyValueStore, under prefix: StoreKey) throws(CoppiceError) {
    for key in try store.keys(under: prefix) {
      guard let value = try store.value(of: key) else { continue }
      values[key] = try value.bytes(at: 0, count: value.byteCount)
    }
  }

  func value(of key: StoreKey) -> (any ByteSource)? { values[key].map(MemoryBytes.init) }

  func keys(under prefix: StoreKey) -> [StoreKey] {
    values.keys.filter { $0.starts(with: prefix) }.sorted { $0.lexicographicallyPrecedes($1) }
  }
}

extension SeededGenerator {
  /// Damages bytes in one of the ways that disks and attackers have.
  mutating func damage(_ bytes: inout [UInt8], keepingLength: Bool = false) {
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
