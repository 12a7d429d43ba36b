import CoppiceFiles
import CoppiceFormat
import CoppiceModel

extension RepairPlan {
  /// Returns the checkpointables of a directory without a root document, judging by the
  /// contents of its subdirectories.
  mutating func discover(
    in directory: DirectoryHandle, depth: Int
  ) throws(CoppiceError) -> [NamedEntry] {
    var found: [NamedEntry] = []
    for entry in try directory.entries() where entry.kind == .directory {
      // Temporaries of other writers begin with a dot; directories of checkpointables never do.
      guard let name = CheckpointableName.name(ofDirectory: entry.name),
        depth > 0 || !CheckpointableName.reserved.contains(name)
      else { continue }
      let inner = try directory.subdirectory(entry.name)
      output.addDirectory(inner.displayName(""))
      if let entry = try foundEntry(in: inner, depth: depth) {
        found.append(NamedEntry(name, entry))
      }
    }
    return found
  }

  private mutating func foundEntry(
    in directory: DirectoryHandle, depth: Int
  ) throws(CoppiceError) -> CheckpointableEntry? {
    let entries = try directory.entries()
    let files = entries.filter { $0.kind == .file }.map(\.name)
    if files.contains(CheckpointableEntry.treeFileName) || files.contains(DataFile.name(0)) {
      return try addTree(nil, in: directory)
    }
    if files == [CheckpointableEntry.jsonFileName], entries.count == 1,
      let (json, record) = try readable({ (_) throws(CoppiceError) in try data(in: directory) })
    {
      add(json, in: directory)
      note(.unproven, directory.displayName(record.path), "whether it changed can't be told")
      return .json(record)
    }
    if files.isEmpty, depth < EntryReader.maximumDepth, try holdsCheckpointables(directory) {
      addFeature(.composite)
      return .composite(try discover(in: directory, depth: depth + 1))
    }
    return try addFiles(in: directory)
  }

  /// Reads a data document and makes its record.
  private func data(
    in directory: DirectoryHandle
  ) throws(CoppiceError) -> (JSON, FileRecord) {
    let name = CheckpointableEntry.jsonFileName
    let bytes = try directory.allBytes(of: name, limit: options.limits.documentBytes)
    let record = FileRecord(path: name, size: bytes.count, digest: Digest(of: bytes))
    return (try CheckpointableReader.json(record, in: directory, limits: options.limits), record)
  }

  /// Returns whether some subdirectory holds a tree or a JSON value.
  private func holdsCheckpointables(
    _ directory: DirectoryHandle, depth: Int = 0
  ) throws(CoppiceError) -> Bool {
    let marks = [
      CheckpointableEntry.treeFileName, CheckpointableEntry.jsonFileName, DataFile.name(0),
    ]
    for entry in try directory.entries() where entry.kind == .directory {
      let inner = try directory.subdirectory(entry.name)
      for mark in marks where try inner.hasFile(mark) { return true }
      if depth < EntryReader.maximumDepth, try holdsCheckpointables(inner, depth: depth + 1) {
        return true
      }
    }
    return false
  }

  private mutating func addFiles(
    in directory: DirectoryHandle
  ) throws(CoppiceError) -> CheckpointableEntry {
    var records: [FileRecord] = []
    for path in try directory.allFiles() {
      let file = try directory.open(path)
      var digest = DigestStream()
      try file.forEachPiece(ofAtMost: 4 << 20) { (piece) throws(CoppiceError) in
        digest.update(piece)
        try monitor.checkCancellation()
      }
      records.append(FileRecord(path: path, size: file.byteCount, digest: digest.digest))
      output.add(directory.displayName(path))
    }
    note(
      .unproven, directory.displayName(""),
      "taken as \(records.count) file\(records.count == 1 ? "" : "s") that nothing interprets: "
        + "whether some are missing or changed can't be told")
    return .files(records)
  }
}

extension CheckpointableName {
  /// Returns the checkpointable's name for a directory name; `nil` if no name has that directory.
  fileprivate static func name(ofDirectory directory: String) -> String? {
    guard let name = PercentEscapes.decode(directory), !name.isEmpty,
      self.directory(for: name).utf8.elementsEqual(directory.utf8)
    else { return nil }
    return name
  }
}
