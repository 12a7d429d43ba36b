import CoppiceFiles
import CoppiceFormat
import CoppiceModel

extension Validator {
  /// Checks a checkpointable of kind "files".
  mutating func checkFiles(
    _ records: [FileRecord], in directory: DirectoryHandle
  ) throws(CoppiceError) {
    guard includes(.structure) else { return }
    for record in records {
      let file = try check(.structure) { (_) throws(CoppiceError) in
        try CheckpointableReader.file(record, in: directory, verifies: true)
      }
      guard let file, includes(.data) else { continue }
      _ = try check(.data) { (validator) throws(CoppiceError) in
        try file.bytes.forEachPiece(ofAtMost: 4 << 20) { (piece) throws(CoppiceError) in
          try validator.monitor.advance(bytes: piece.byteCount)
        }
      }
    }
    try checkUnknown(below: directory, listed: records.map(\.path))
  }

  /// Names that no document mentions are tolerated, and said.
  ///
  /// Spec: DIR-14.
  mutating func checkUnknown(
    in directory: DirectoryHandle, expected: Set<[UInt8]>
  ) throws(CoppiceError) {
    guard includes(.structure) else { return }
    for entry in try directory.entries() where !expected.contains(Array(entry.name.utf8)) {
      reportUnknown(directory.displayName(entry.name))
    }
  }

  /// The same for a directory with files at paths, sorted by their bytes.
  private mutating func checkUnknown(
    below directory: DirectoryHandle, listed: [String]
  ) throws(CoppiceError) {
    var pending = [""]
    while let folder = pending.popLast() {
      let entries = try check(.structure) { (_) throws(CoppiceError) in
        try (folder.isEmpty ? directory : directory.subdirectory(folder)).entries()
      }
      for entry in entries ?? [] {
        let path = folder.isEmpty ? entry.name : folder + "/" + entry.name
        // The first path that doesn't come before: it, or something below it, if anything is listed.
        let place = listed.partitioningIndex { !$0.utf8.lexicographicallyPrecedes(path.utf8) }
        if place < listed.count, listed[place].utf8.elementsEqual(path.utf8) { continue }
        let below = listed.partitioningIndex {
          !$0.utf8.lexicographicallyPrecedes((path + "/").utf8)
        }
        let isFolder = below < listed.count && listed[below].utf8.starts(with: (path + "/").utf8)
        if isFolder {
          if entry.kind == .directory { pending.append(path) }
        } else {
          reportUnknown(directory.displayName(path))
        }
      }
    }
  }

  private mutating func reportUnknown(_ file: String) {
    report(
      CoppiceError(
        .directoryUnknownFile, "no document mentions this; it is ignored", at: .init(file: file)),
      .structure, .warning)
  }
}

extension Array {
  /// The first index whose element satisfies a condition that all later elements satisfy too.
  fileprivate func partitioningIndex(where isSecond: (Element) -> Bool) -> Int {
    var range = startIndex..<endIndex
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = isSecond(self[middle]) ? range.lowerBound..<middle : middle + 1..<range.upperBound
    }
    return range.lowerBound
  }
}
