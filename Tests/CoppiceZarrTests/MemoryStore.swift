import CoppiceFiles
import CoppiceModel

@testable import CoppiceZarr

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
