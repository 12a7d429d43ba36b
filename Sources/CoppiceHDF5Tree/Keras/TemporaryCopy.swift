import CoppiceCompression
import CoppiceFiles
import CoppiceModel
import CoppiceZip
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A copy of an archive's member as a file, which is deleted with its last owner.
final class TemporaryCopy {
  let path: FilePath
  let file: InputFile

  /// Copies a member, checking its checksum.
  ///
  /// - Throws: `zip.*`, `compression.*`; `io.*` when the disk has no room for it;
  ///   `operation.cancelled`.
  init(of member: ZipMember) throws(CoppiceError) {
    (path, file) = try Self.copy(member)
  }

  deinit { Self.delete(path) }

  private static func delete(_ path: FilePath) {
    _ = unsafe path.withPlatformString { unsafe unlink($0) }
    UnfinishedFiles.end(path)
  }

  private static func copy(_ member: ZipMember) throws(CoppiceError) -> (FilePath, InputFile) {
    let (path, descriptor) = try TemporaryFile.make()
    do throws(CoppiceError) {
      try UnfinishedFiles.begin(path)
      let output = try OutputFile(at: path, creating: false)
      try output.reserve(byteCount: member.byteCount)
      let stream = try member.stream()
      var buffer = [UInt8](repeating: 0, count: 1 << 20)
      var offset = 0
      while offset < member.byteCount {
        try UnfinishedFiles.check()
        let count = min(buffer.count, member.byteCount - offset)
        var span = buffer.mutableSpan
        var all = unsafe span.mutableBytes
        var piece = all._mutatingExtracting(first: count)
        try stream.readExactly(into: &piece)
        try output.write(unsafe buffer.span.bytes.extracting(first: count), at: offset)
        offset += count
      }
      try stream.requireEnd()
      return (path, try InputFile(adopting: descriptor, name: member.name, path: path))
    } catch {
      delete(path)
      throw error
    }
  }
}
