import CoppiceFiles
import CoppiceJSON
import CoppiceModel

/// The arrays that are the data of typed JAX keys, with the implementation of each.
///
/// Nothing else in `array_metadatas/process_<i>` is needed: other documents have the rest.
struct RandomKeys {
  private var implementations: [[UInt8]: String] = [:]

  /// The member that names an implementation.
  private static let member = "random_key_impl"

  /// Makes an empty table: no array is known to be a key.
  init() {}

  /// Reads the files of all processes.
  init(in directory: DirectoryHandle, limits: ReadLimits) throws(CoppiceError) {
    guard try directory.hasDirectory(OrbaxName.arrayMetadatas) else { return }
    let files = try OrbaxListing(try directory.subdirectory(OrbaxName.arrayMetadatas))
    for file in files.files where !OrbaxName.isBookkeeping(file) {
      try read(file, in: files.directory, limits)
    }
  }

  /// The implementation of the key with a parameter name.
  subscript(name: String) -> String? { implementations[Array(name.utf8)] }

  private mutating func read(
    _ file: String, in directory: DirectoryHandle, _ limits: ReadLimits
  ) throws(CoppiceError) {
    let bytes = try directory.allBytes(of: file, limit: limits.documentBytes)
    // Most trees have no keys, and each of thousands of processes lists all arrays.
    guard bytes.contains(Self.member) else { return }
    let document = try JSONDocument(
      stored: bytes, file: directory.displayName(file), limits: limits)
    var reader = try JSONObjectReader(document.root)
    for element in try reader.required("array_metadatas").array() {
      guard let metadata = element["array_metadata"],
        let implementation = metadata["ext_metadata"]?[Self.member]
      else { continue }
      var array = try JSONObjectReader(metadata)
      let name = try array.required("param_name").string()
      implementations[Array(name.utf8)] = try implementation.string()
    }
  }
}

extension [UInt8] {
  /// Returns whether the bytes contain a text's bytes.
  fileprivate func contains(_ text: String) -> Bool {
    let sought = Array(text.utf8)
    guard let first = sought.first, count >= sought.count else { return false }
    var place = startIndex
    while let found = self[place...(endIndex - sought.count)].firstIndex(of: first) {
      if self[found..<(found + sought.count)].elementsEqual(sought) { return true }
      place = found + 1
      if place > endIndex - sought.count { return false }
    }
    return false
  }
}
