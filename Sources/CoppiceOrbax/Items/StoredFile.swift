import CoppiceFiles
import CoppiceModel

/// A file of an item, opened only while it is read.
///
/// An item may have more files than a process may have open.
struct StoredFile: ByteSource {
  private let directory: DirectoryHandle
  private let path: String
  let byteCount: Int

  init(_ path: String, in directory: DirectoryHandle) throws(CoppiceError) {
    self.directory = directory
    self.path = path
    byteCount = try directory.open(path).byteCount
  }

  func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    let file = try directory.open(path)
    guard file.byteCount == byteCount else {
      throw CoppiceError(
        .ioShortRead, "the file changed its size while it was read", at: .init(file: file.name))
    }
    try file.read(at: offset, into: &bytes)
  }
}
