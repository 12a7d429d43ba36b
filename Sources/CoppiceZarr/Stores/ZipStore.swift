package import CoppiceModel
import CoppiceZip

/// A zip archive as a store: keys are the names of its members.
///
/// The checksum of each member is checked as it is read. Where several members have one name, the
/// last one counts, as for Python's zipfile: zarr-python writes a document again for each change.
package struct ZipStore: KeyValueStore {
  private let archive: ZipArchive
  private let file: String
  /// All names, sorted by their bytes.
  private let names: [StoreKey]

  package init(
    _ bytes: any ByteSource, name: String, limits: ReadLimits
  ) throws(CoppiceError) {
    file = name
    archive = try ZipArchive(bytes, name: name, keepsLast: true, limits: limits)
    names = archive.members.map { Array($0.name.utf8) }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }

  package func value(of key: StoreKey) throws(CoppiceError) -> (any ByteSource)? {
    archive.member(named: String(decoding: key, as: UTF8.self))?.contents()
  }

  /// Returns whether there is a value of a key.
  func hasValue(of key: StoreKey) -> Bool {
    archive.member(named: String(decoding: key, as: UTF8.self)) != nil
  }

  package func keys(under prefix: StoreKey) -> [StoreKey] {
    Array(names[firstPlace(from: prefix)...].prefix { $0.starts(with: prefix) })
  }

  package func directories(in prefix: StoreKey) -> [String] {
    var found: [String] = []
    var place = firstPlace(from: prefix)
    while place < names.count, names[place].starts(with: prefix) {
      let rest = names[place].dropFirst(prefix.count)
      guard let slash = rest.firstIndex(of: 0x2F) else {
        place += 1
        continue
      }
      if let name = String(validating: rest[..<slash], as: UTF8.self) { found.append(name) }
      // All names in that directory are before this one, whose last byte follows the slash.
      place = firstPlace(from: prefix + rest[..<slash] + [0x30])
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Returns the place of the first name that isn't before a key.
  private func firstPlace(from key: StoreKey) -> Int {
    var (low, high) = (0, names.count)
    while low < high {
      let middle = (low + high) / 2
      if names[middle].lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  package func displayName(of key: StoreKey) -> String { file + ":" + String(printing: key) }
}
