package import CoppiceFiles
package import CoppiceModel
package import CoppiceZarr

/// The union of several stores; where several have a key, the first one's value counts.
package struct MergedStore: KeyValueStore {
  private let stores: [any KeyValueStore]
  private let directory: DirectoryHandle?

  /// Makes the union; messages show keys as paths in the directory.
  package init(_ stores: [any KeyValueStore], in directory: DirectoryHandle? = nil) {
    self.stores = stores
    self.directory = directory
  }

  package func value(of key: StoreKey) throws(CoppiceError) -> (any ByteSource)? {
    for store in stores {
      if let value = try store.value(of: key) { return value }
    }
    return nil
  }

  package func displayName(of key: StoreKey) -> String {
    let name = String(printing: key)
    return directory?.displayName(name) ?? name
  }

  package func keys(under prefix: StoreKey) throws(CoppiceError) -> [StoreKey] {
    var keys: [StoreKey] = []
    for store in stores { keys.append(contentsOf: try store.keys(under: prefix)) }
    keys.sort { $0.lexicographicallyPrecedes($1) }
    var last: StoreKey?
    return keys.filter { key in
      defer { last = key }
      return key != last
    }
  }
}
