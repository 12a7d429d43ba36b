package import CoppiceModel

/// A key of a store: bytes, ordered as bytes.
package typealias StoreKey = [UInt8]

/// A store of arrays: a directory of files, a zip archive, or a database.
package protocol KeyValueStore: Sendable {
  /// Returns the value of a key, or `nil` when the store has no such key.
  func value(of key: StoreKey) throws(CoppiceError) -> (any ByteSource)?

  /// Returns the keys that begin with a prefix, sorted by their bytes.
  func keys(under prefix: StoreKey) throws(CoppiceError) -> [StoreKey]

  /// Returns the name of a key for messages: its path from the checkpoint on.
  func displayName(of key: StoreKey) -> String
}

extension KeyValueStore {
  /// Returns the key itself, for a store without a directory.
  package func displayName(of key: StoreKey) -> String { String(printing: key) }
}
