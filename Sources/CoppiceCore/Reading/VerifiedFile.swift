import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import Synchronization

/// A file of a checkpointable whose digest is checked before its first bytes are returned.
final class VerifiedFile: ByteSource {
  private let file: InputFile
  private let digest: Digest
  private let isVerified = Atomic<Bool>(false)

  init(_ file: InputFile, digest: Digest) {
    self.file = file
    self.digest = digest
  }

  var byteCount: Int { file.byteCount }

  func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    if !isVerified.load(ordering: .relaxed) {
      var stream = DigestStream()
      try file.forEachPiece(ofAtMost: 1 << 20) { stream.update($0) }
      guard stream.digest == digest else {
        throw CoppiceError(
          .metadataDigestMismatch,
          "the file was changed or damaged: its digest is \(stream.digest), but the root document "
            + "says \(digest)", at: .init(file: file.name))
      }
      isVerified.store(true, ordering: .relaxed)
    }
    try file.read(at: offset, into: &bytes)
  }
}
