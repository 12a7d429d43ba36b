import CoppiceFiles
import CoppiceJSON
import CoppiceModel

/// The metadata of a whole run, which managers keep beside the steps.
enum RootMetadata {
  /// The file of 0.10 and later, then that of 0.5 to 0.8, which is the user's document itself.
  private static let files = ["_ROOT_METADATA", "metadata"]

  /// Returns whether a directory has them.
  static func exists(in listing: OrbaxListing) throws(CoppiceError) -> Bool {
    let name = OrbaxName.rootMetadata
    guard listing.hasDirectory(name), !listing.isUnresolvedLink(name) else { return false }
    for file in files
    where try listing.directory.hasFile(name + "/" + file) { return true }
    return false
  }

  /// Reads them as `{"custom_metadata": …}`, with `internal_metadata` where there are any.
  static func read(
    _ directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> JSON? {
    for file in files {
      let path = OrbaxName.rootMetadata + "/" + file
      guard try directory.hasFile(path) else { continue }
      let root = try JSONDocument(in: directory, path, limits: limits).root
      let isUsersOwn = file == files[1]
      // 0.10 called the member "custom".
      let custom = isUsersOwn ? root : root["custom_metadata"] ?? root["custom"]
      var members: [JSON.Member] = []
      if let custom, !custom.isNull { members.append(.init("custom_metadata", custom.json)) }
      if !isUsersOwn, let own = root["internal_metadata"], own.count > 0 {
        members.append(.init("internal_metadata", own.json))
      }
      return .object(members)
    }
    return nil
  }
}
