package import CoppiceCompression
import CoppiceFiles
package import CoppiceModel
import Synchronization

extension ZipMember {
  /// The content, to be read from any offset, without a look at the checksum.
  ///
  /// Of a stored member these are the bytes of the file, which any number of threads read at once. A
  /// deflated one is decoded from its beginning up to the place asked for, so read it in order.
  package func uncheckedContents() -> any ByteSource {
    isStored ? coded : InflatedBytes(self)
  }

  /// The content, to be read from any offset; the checksum is checked before any bytes are given.
  package func contents() -> any ByteSource { CheckedBytes(self) }

  /// The content from first to last byte; at the end, size and checksum are checked.
  package func stream() throws(CoppiceError) -> any ByteStream {
    try CheckedStream(self)
  }

  /// The content without the check.
  func uncheckedStream() throws(CoppiceError) -> any ByteStream {
    let below = SourceStream(coded)
    return isStored ? below : try InflateStream(below, .none, bufferSize: 1 << 16)
  }

  /// Reads a small member whole.
  ///
  /// - Throws: `zip.limit` when it has more bytes than `limit`; what `stream` throws.
  package func allBytes(limit: Int) throws(CoppiceError) -> [UInt8] {
    guard byteCount <= limit else {
      throw CoppiceError(
        .zipLimit,
        "the member \"\(name.printable)\" has \(byteCount) bytes; at most \(limit) are read of such"
      )
    }
    let stream = try stream()
    var bytes = [UInt8](repeating: 0, count: byteCount)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    try stream.readExactly(into: &target)
    try stream.requireEnd()
    return bytes
  }

  /// Reads the whole content once, for its checksum only.
  package func check() throws(CoppiceError) {
    let stream = try stream()
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    try stream.skip(byteCount, through: &buffer)
    try stream.requireEnd()
  }
}

/// The content of a member that is checked as a whole before its first bytes are given.
private final class CheckedBytes: ByteSource {
  private let member: ZipMember
  private let bytes: any ByteSource
  private let isChecked = Mutex(false)

  init(_ member: ZipMember) {
    self.member = member
    self.bytes = member.uncheckedContents()
  }

  var byteCount: Int { member.byteCount }

  func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    // The first reader checks, and all others wait for that.
    try isChecked.withLock { (isChecked) throws(CoppiceError) in
      if !isChecked { try member.check() }
      isChecked = true
    }
    try self.bytes.read(at: offset, into: &bytes)
  }
}

/// The content of a member, counted and summed on the way.
private final class CheckedStream: ByteStream {
  private let member: ZipMember
  private let below: any ByteStream
  private var left: Int
  private var checksum = CRC32()

  init(_ member: ZipMember) throws(CoppiceError) {
    self.member = member
    self.below = try member.uncheckedStream()
    self.left = member.byteCount
  }

  func read(into bytes: inout MutableRawSpan) throws(CoppiceError) -> Int {
    let wanted = min(bytes.byteCount, left)
    var piece = bytes._mutatingExtracting(first: wanted)
    let got = try below.read(into: &piece)
    guard got == wanted else { throw .contentTooShort(by: left - got) }
    checksum.update(piece.bytes)
    left -= got
    if left == 0, wanted > 0 || member.byteCount == 0 { try finish() }
    return got
  }

  private func finish() throws(CoppiceError) {
    try below.requireEnd()
    guard checksum.value == member.crc32 else {
      throw CoppiceError(
        .zipChecksum,
        "the content of the member \"\(member.name.printable)\" doesn't have the checksum that the "
          + "archive states; it is damaged, so copy it again")
    }
  }
}
