import CoppiceFiles
import CoppiceFormat
import CoppiceModel

/// One block of a file, with its recorded digest.
struct StoredBlock: ByteSource {
  let files: BlockFiles
  let file: Int
  let offset: Int
  let byteCount: Int
  let digest: Digest

  func read(at start: Int, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    guard start >= 0, start <= byteCount, bytes.byteCount <= byteCount - start else {
      throw CoppiceError(.ioShortRead, "a read reaches past the end of its block")
    }
    let file = try files.file(file)
    // Only a truncated file that is tolerated ends before its blocks do.
    guard bytes.byteCount <= file.byteCount - offset - start else {
      throw CoppiceError(
        .arraysTruncated,
        "the file has \(file.byteCount) bytes and ends inside the data: the copy is incomplete",
        at: .init(file: file.name, offset: offset))
    }
    try file.read(at: offset + start, into: &bytes)
  }

  /// Compares a digest with the recorded one.
  func check(_ found: Digest) throws(CoppiceError) {
    guard found == digest else {
      throw CoppiceError(
        .arraysDigestMismatch,
        "the data are damaged: the block's digest is \(found), but \(digest) was recorded",
        at: .init(file: try files.file(file).name, offset: offset))
    }
  }
}
