package import CoppiceModel

/// A key of a store: bytes, ordered as bytes.
package typealias StoreKey = [UInt8]

/// Where the arrays of a checkpoint lie: a directory of files, or an OCDBT database.
package protocol KeyValueStore: Sendable {
  /// The value of a key, or `nil` when the store has no such key.
  func value(of key: StoreKey) throws(CoppiceError) -> (any ByteSource)?

  /// The keys that begin with a prefix, sorted by their bytes.
  func keys(under prefix: StoreKey) throws(CoppiceError) -> [StoreKey]

  /// What messages call a key: its path from the checkpoint on.
  func displayName(of key: StoreKey) -> String
}

extension KeyValueStore {
  /// The name in a store that lies nowhere.
  package func displayName(of key: StoreKey) -> String { String(printing: key) }
}
