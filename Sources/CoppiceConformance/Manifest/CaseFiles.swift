import CoppiceFiles
import CoppiceModel
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files of a case, and one digest over all of them.
///
/// The digest is the SHA-256 of one line for each file, sorted by path: `kind SHA-256 path`, where
/// kind is `file` (digest of the content) or `link` (digest of the target's text).
enum CaseFiles {
  static func digest(of directory: FilePath) throws(CoppiceError) -> String {
    var lines: [(path: String, line: String)] = []
    try collect(directory, prefix: "", into: &lines)
    lines.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    return FileDigest.sha256(of: lines.map(\.line).joined())
  }

  private static func collect(
    _ directory: FilePath, prefix: String, into lines: inout [(path: String, line: String)]
  ) throws(CoppiceError) {
    for entry in try DirectoryHandle(opening: directory).entries() {
      let path = directory.appending(entry.name)
      let name = prefix + entry.name
      func add(_ kind: String, _ digest: String) {
        lines.append((name, "\(kind) \(digest) \(name)\n"))
      }
      if let target = linkTarget(path) {
        add("link", FileDigest.sha256(of: target))
        continue
      }
      switch entry.kind {
      case .file: add("file", try FileDigest.sha256(of: try InputFile(opening: path)))
      case .directory: try collect(path, prefix: name + "/", into: &lines)
      case .other: continue
      }
    }
  }

  private static func linkTarget(_ path: FilePath) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe path.withPlatformString { text in
      unsafe buffer.withUnsafeMutableBytes { bytes in
        guard let start = bytes.baseAddress else { return 0 }
        return unsafe readlink(text, start.assumingMemoryBound(to: CChar.self), bytes.count)
      }
    }
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }
}
