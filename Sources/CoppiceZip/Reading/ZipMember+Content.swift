package import CoppiceCompression
import CoppiceFiles
package import CoppiceModel
import Synchronization

extension ZipMember {
  /// Returns the content, readable at any offset, without checking the checksum.
  ///
  /// For a stored member these are the bytes of the file, which any number of threads can read at
  /// once. A deflated member is decoded from its beginning up to the requested offset, so read it
  /// in order.
  package func uncheckedContents() -> any ByteSource {
    isStored ? coded : InflatedBytes(self)
  }

  /// Returns the content, readable at any offset; the first read checks the checksum.
  package func contents() -> any ByteSource { CheckedBytes(self) }

  /// Returns the content from first to last byte; the end of the stream checks size and checksum.
  package func stream() throws(CoppiceError) -> any ByteStream {
    try CheckedStream(self)
  }

  /// Returns the content without the check.
  func uncheckedStream() throws(CoppiceError) -> any ByteStream {
    let below = SourceStream(coded)
    return isStored ? below : try InflateStream(below, .none, bufferSize: 1 << 16)
  }

  /// Reads a small member whole.
  ///
  /// - Throws: `zip.limit` when it has more bytes than `limit`; the errors of `stream`.
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

  /// Reads the whole content once, only to check its checksum.
  package func check() throws(CoppiceError) {
    let stream = try stream()
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    try stream.skip(byteCount, through: &buffer)
    try stream.requireEnd()
  }
}

/// The content of a member, which is checked as a whole before any read returns bytes.
private final class CheckedBytes: ByteSource {
  private let member: ZipMember
  private let bytes: any ByteSource
  private let isChecked = Mutex(false)

  init(_ member: ZipMember) {
    self.member = member
    self.bytes = member.uncheckedContents()
  }

  var byteCount: Int { member.byteCount }
  var place: StoredPlace? { bytes.place }
  var identity: ByteIdentity? { bytes.identity }

  /// The content, whose checksum is computed while it is read.
  var forward: any ByteSource { isChecked.withLock(\.self) ? self : ForwardBytes(self) }

  fileprivate func read(
    at offset: Int, into bytes: inout MutableRawSpan, updating checksum: inout CRC32
  ) throws(CoppiceError) {
    try self.bytes.read(at: offset, into: &bytes)
    checksum.update(bytes.bytes)
    guard offset + bytes.byteCount == byteCount else { return }
    guard checksum.value == member.crc32 else { throw member.damaged }
    isChecked.withLock { $0 = true }
  }

  func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    // The first reader checks, and all others wait for it.
    try isChecked.withLock { (isChecked) throws(CoppiceError) in
      if !isChecked { try member.check() }
      isChecked = true
    }
    try self.bytes.read(at: offset, into: &bytes)
  }
}

/// The content of a member for one reader that reads it in order; after any other read it is checked first.
private final class ForwardBytes: ByteSource {
  private let base: CheckedBytes
  /// The end of the bytes read so far, and their checksum; `nil` after a read out of order.
  private let state: Mutex<(end: Int, checksum: CRC32)?> = .init((0, CRC32()))

  init(_ base: CheckedBytes) { self.base = base }

  var byteCount: Int { base.byteCount }
  var place: StoredPlace? { base.place }

  func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    // Another thread that reads meanwhile finds `nil`.
    let last = state.withLock { state in
      defer { state = nil }
      return state
    }
    guard var (end, checksum) = last, end == offset else {
      return try base.read(at: offset, into: &bytes)
    }
    try base.read(at: offset, into: &bytes, updating: &checksum)
    end += bytes.byteCount
    state.withLock { [end, checksum] in $0 = (end, checksum) }
  }
}

/// The content of a member, whose size and checksum are computed as it is read.
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
    guard checksum.value == member.crc32 else { throw member.damaged }
  }
}

extension ZipMember {
  fileprivate var damaged: CoppiceError {
    CoppiceError(
      .zipChecksum,
      "the content of the member \"\(name.printable)\" doesn't have the checksum that the archive states; it "
        + "is damaged, so copy it again", at: .init(file: coded.place?.file))
  }
}
