package import CoppiceModel

extension InputFile {
  /// The words for what is often found in the place of a file that was to be downloaded; `nil` for other files.
  fileprivate var substitute: String? {
    guard let start = try? bytes(at: 0, count: min(40, byteCount)) else { return nil }
    if start.isEmpty { return "the file is empty; copy it again" }
    if start.starts(with: [0x1F, 0x8B]) {
      return "this is compressed by gzip: unpack it with gunzip first"
    }
    let text = String(decoding: start, as: UTF8.self).lowercased()
    if text.hasPrefix("version https://git-lfs.github.com/") {
      return
        "this is a pointer of Git LFS, and not the file itself: \"git lfs pull\" fetches the file"
    }
    if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") {
      return
        "this is a page of HTML, and no checkpoint: if it was downloaded, the address was wrong"
    }
    return nil
  }
}

extension CoppiceError {
  /// Returns a fault of a file with what the file is, where that is another thing than the reader expected.
  package func naming(_ file: InputFile) -> CoppiceError {
    guard let substitute = file.substitute else { return self }
    var error = self
    error.message = substitute
    error.location = .init(file: file.name)
    return error
  }
}
