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
      monitor.expect(bytes: file.bytes.byteCount)
      _ = try check(.data) { (validator) throws(CoppiceError) in
        try file.bytes.forEachPiece(ofAtMost: 4 << 20) { (piece) throws(CoppiceError) in
          try validator.monitor.advance(bytes: piece.byteCount)
        }
      }
    }
    let unknown = try check(.structure) { (_) throws(CoppiceError) in
      try UnknownEntries.names(below: directory, listed: records.map(\.path))
    }
    reportUnknown(unknown ?? [])
  }

  /// Reports unknown entries of a directory, which are tolerated.
  ///
  /// Spec: DIR-14.
  mutating func checkUnknown(
    in directory: DirectoryHandle, expected: Set<[UInt8]>
  ) throws(CoppiceError) {
    guard includes(.structure) else { return }
    reportUnknown(try UnknownEntries.names(in: directory, expected: expected))
  }

  private mutating func reportUnknown(_ files: [String]) {
    for file in files {
      report(
        CoppiceError(
          .directoryUnknownFile, "no document mentions this; it is ignored", at: .init(file: file)),
        .structure, .warning)
    }
  }
}
