import CoppiceFiles
import CoppiceModel
import CoppiceZarr

/// A range of a database's data file, which is opened when it is read.
struct StoredBytes: ByteSource {
  let files: OpenFiles
  let path: StoreKey
  let start: Int
  let byteCount: Int

  var place: StoredPlace? {
    StoredPlace(file: files.displayName(path), offset: start, byteCount: byteCount)
  }

  func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    let file = try files.dataFile(at: path)
    guard byteCount <= file.byteCount, start <= file.byteCount - byteCount else {
      throw CoppiceError(
        .ocdbtTruncated,
        "the file has \(file.byteCount) bytes, but \(byteCount) from \(start) on belong to the "
          + "checkpoint; the file is incomplete, so copy it again",
        at: .init(file: file.name, offset: start))
    }
    guard offset >= 0, offset <= byteCount, bytes.byteCount <= byteCount - offset else {
      throw CoppiceError(.ioShortRead, "a read reaches past the end of its range")
    }
    try file.read(at: start + offset, into: &bytes)
  }
}

extension OpenFiles {
  /// Returns the open data file at a path.
  ///
  /// - Throws: The errors of opening; `ocdbt.malformed` when the path isn't text.
  func dataFile(at path: StoreKey) throws(CoppiceError) -> InputFile {
    if let file = try file(at: path) { return file }
    throw CoppiceError(
      .ocdbtMalformed,
      "the data file's name \"\(String(printing: path))\" is not text; the database is damaged",
      at: .init(file: origin))
  }
}
