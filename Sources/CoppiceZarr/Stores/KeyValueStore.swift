package import CoppiceModel

/// A key of a store: bytes, ordered as bytes.
package typealias StoreKey = [UInt8]

/// A store of arrays: a directory of files, a zip archive, or a database.
package protocol KeyValueStore: Sendable {
  /// Returns the value of a key, or `nil` when the store has no such key.
  func value(of key: StoreKey) throws(CoppiceError) -> (any ByteSource)?

  /// Returns the keys that begin with a prefix, sorted by their bytes.
  func keys(under prefix: StoreKey) throws(CoppiceError) -> [StoreKey]

  /// Returns the names of the directories in a directory, sorted by their bytes.
  ///
  /// - Parameter prefix: The directory's name with a slash at its end; empty for the root.
  func directories(in prefix: StoreKey) throws(CoppiceError) -> [String]

  /// Returns whether a directory is a link to itself or to one around it.
  func leadsBack(_ directory: String) throws(CoppiceError) -> Bool

  /// Returns the name of a key for messages: its path from the checkpoint on.
  func displayName(of key: StoreKey) -> String
}

extension KeyValueStore {
  /// Returns `false`: only directories of files have links.
  package func leadsBack(_ directory: String) -> Bool { false }

  /// Returns the key itself, for a store without a directory.
  package func displayName(of key: StoreKey) -> String { String(printing: key) }

  /// Returns the first names of the keys below, for a store that can only list keys.
  package func directories(in prefix: StoreKey) throws(CoppiceError) -> [String] {
    var names: [String] = []
    for key in try keys(under: prefix) {
      let rest = key.dropFirst(prefix.count)
      guard let slash = rest.firstIndex(of: 0x2F),
        let name = String(validating: rest[..<slash], as: UTF8.self),
        !(names.last.map { $0.utf8.elementsEqual(name.utf8) } ?? false)
      else { continue }
      names.append(name)
    }
    return names
  }
}
