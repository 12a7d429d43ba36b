package import CoppiceFiles
package import CoppiceModel

extension OrbaxCheckpoint {
  /// Returns the path of something in a checkpoint that has none of the names that Orbax gives.
  ///
  /// Returns `nil` when there is no such thing. Files of checkpointables that are files, and arrays
  /// in directories of their own, may have any name.
  ///
  /// - Throws: `file.*`, `io.*`.
  package static func stranger(in directory: DirectoryHandle) throws(CoppiceError) -> String? {
    for entry in try directory.entries() where !isOwn(entry) {
      guard entry.kind == .directory else { return entry.name }
      let inner = try directory.subdirectory(entry.name)
      guard let stranger = try strangerInItem(inner) else { continue }
      return entry.name + "/" + stranger
    }
    return try strangerInOwn(directory)
  }

  /// Looks into an item's directory, which holds a tree or a JSON document.
  private static func strangerInItem(
    _ directory: DirectoryHandle
  ) throws(CoppiceError) -> String? {
    for entry in try directory.entries() where !isOwn(entry) {
      guard entry.kind == .file, (OrbaxName.jsonFiles + [OrbaxName.metrics]).contains(entry.name)
      else {
        return entry.name
      }
    }
    return try strangerInOwn(directory)
  }

  /// Looks into the directories that Orbax names itself.
  private static func strangerInOwn(
    _ directory: DirectoryHandle
  ) throws(CoppiceError) -> String? {
    for entry in try directory.entries() where entry.kind == .directory && isOwn(entry) {
      let isDatabase = OrbaxName.isProcessDatabase(entry.name)
      let inner = try directory.subdirectory(entry.name)
      let stranger = try inner.entries().first { file in
        if isDatabase, file.kind == .directory { return file.name != "d" }
        if isDatabase { return !isOwn(file) }
        guard file.kind == .file else { return true }
        return entry.name == "d" ? !isHexadecimal(file.name, 32) : !file.name.hasPrefix("process_")
      }
      if let stranger { return entry.name + "/" + stranger.name }
      guard isDatabase, let deep = try strangerInOwn(inner) else { continue }
      return entry.name + "/" + deep
    }
    return nil
  }

  private static func isOwn(_ entry: DirectoryHandle.Entry) -> Bool {
    let name = entry.name
    switch entry.kind {
    case .file:
      return [
        OrbaxName.marker, OrbaxName.checkpointMetadata, OrbaxName.commitMarker,
        OrbaxName.treeMetadata, OrbaxName.strings, OrbaxName.sharding, OrbaxName.manifest,
      ].contains(name) || name.hasPrefix("manifest.") && isHexadecimal(name.dropFirst(9), 16)
    case .directory:
      return name == "d" || name == OrbaxName.arrayMetadatas || OrbaxName.isProcessDatabase(name)
    case .other: return false
    }
  }

  private static func isHexadecimal(_ name: some StringProtocol, _ count: Int) -> Bool {
    name.utf8.count == count
      && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
