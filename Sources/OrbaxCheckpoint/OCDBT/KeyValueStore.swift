package import CoppiceModel

/// A key of a store: bytes, ordered as bytes.
package typealias StoreKey = [UInt8]

/// Where the arrays of a checkpoint lie: a directory of files, or an OCDBT database.
package protocol KeyValueStore: Sendable {
  /// The value of a key, or `nil` when the store has no such key.
  func value(of key: StoreKey) throws(CoppiceError) -> (any ByteSource)?

  /// The keys that begin with a prefix, sorted by their bytes.
  func keys(under prefix: StoreKey) throws(CoppiceError) -> [StoreKey]
}

extension StoreKey {
  /// The key as text, for messages.
  var displayName: String { String(decoding: self, as: UTF8.self) }
}
