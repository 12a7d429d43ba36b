import CoppiceCompression
import CoppiceModel
import Synchronization

/// The content of a deflated member as bytes at any offset.
///
/// Reads in ascending order decode the member once; a read at an earlier offset decodes it again
/// from the beginning.
@safe final class InflatedBytes: ByteSource, @unchecked Sendable {
  // Unchecked: `stream`, `position` and `buffer` are only used under the lock.
  private let member: ZipMember
  private let lock = Mutex(())
  private var stream: (any ByteStream)?
  private var position = 0
  private var buffer: [UInt8] = []

  init(_ member: ZipMember) { self.member = member }

  var byteCount: Int { member.byteCount }

  var place: StoredPlace? {
    var place = member.coded.place
    place?.filters = ["deflate"]
    return place
  }

  func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    guard offset >= 0, offset <= byteCount, bytes.byteCount <= byteCount - offset else {
      throw CoppiceError(.compressionSize, "a read reaches past the end of the member")
    }
    try lock.withLock { (_) throws(CoppiceError) in
      let stream: any ByteStream
      if let open = self.stream, position <= offset {
        stream = open
      } else {
        stream = try member.uncheckedStream()
        position = 0
      }
      // After a failure the decoder's position is unknown.
      self.stream = nil
      try stream.skip(offset - position, through: &buffer)
      try stream.readExactly(into: &bytes)
      position = offset + bytes.byteCount
      self.stream = stream
    }
  }
}
