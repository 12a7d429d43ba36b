import CCoppicePlatform
package import CoppiceModel
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An empty file in the system's directory of temporary files.
package enum TemporaryFile {
  /// Makes a file that other users can't open and child processes don't inherit; the caller deletes it.
  ///
  /// - Throws: `io.*`.
  package static func make() throws(CoppiceError) -> (path: FilePath, file: FileDescriptor) {
    let directory = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    var template = Array("\(directory)/coppice-XXXXXX".utf8CString)
    let descriptor = unsafe template.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe cplatform_make_temporary($0) } ?? -1
    }
    guard descriptor >= 0 else {
      throw .system(Errno(rawValue: errno), "make a temporary file", file: directory)
    }
    let path = FilePath(
      String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    return (path, FileDescriptor(rawValue: descriptor))
  }
}
