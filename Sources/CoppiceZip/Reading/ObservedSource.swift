import CCoppiceZip
import CoppiceModel

/// The bytes of an archive as a source for libzip, which records the offsets that libzip seeks.
///
/// libzip has no function that returns a member's offset in the file. Stored members must be read
/// in place, by several threads at once, and threads can't share libzip's handles. So this source
/// records the first offset that libzip seeks for a member, which is in the member's header.
///
/// It also limits the bytes that libzip reads. libzip allocates memory for each entry of the
/// directory that it reads, and tries every offset near the end of the file that looks like the end
/// of an archive.
final class ObservedSource {
  private let bytes: any ByteSource
  private var position = 0

  /// The number of bytes that libzip may still read.
  var budget: Int

  /// The first offset that libzip has sought since this was last `nil`.
  var firstSeek: Int?

  /// The error of a call of libzip.
  private(set) var failure: CoppiceError?

  init(_ bytes: any ByteSource, budget: Int) {
    self.bytes = bytes
    self.budget = budget
  }

  /// The function that libzip calls for every operation on the source.
  static let callback: zip_source_callback = { context, data, length, command in
    guard let context = unsafe context else { return -1 }
    let source = unsafe Unmanaged<ObservedSource>.fromOpaque(context).takeUnretainedValue()
    return unsafe source.handle(command, data, length)
  }

  private func handle(
    _ command: zip_source_cmd_t, _ data: UnsafeMutableRawPointer?, _ length: UInt64
  ) -> Int64 {
    switch command {
    case ZIP_SOURCE_OPEN:
      position = 0
      return 0
    case ZIP_SOURCE_CLOSE, ZIP_SOURCE_FREE: return 0
    case ZIP_SOURCE_READ: return unsafe read(data, length)
    case ZIP_SOURCE_SEEK: return unsafe seek(data, length)
    case ZIP_SOURCE_TELL: return Int64(position)
    case ZIP_SOURCE_STAT: return unsafe describe(data, length)
    case ZIP_SOURCE_ERROR:
      var error = unsafe zip_error_t()
      unsafe zip_error_set(&error, ZIP_ER_READ, 0)
      return unsafe data.map { unsafe zip_error_to_data(&error, $0, length) } ?? -1
    case ZIP_SOURCE_SUPPORTS: return Self.supported
    default: return -1
    }
  }

  private static let supported = [
    ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
    ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS,
  ].reduce(Int64(0)) { $0 | Int64(1) << Int64($1.rawValue) }

  private func read(_ data: UnsafeMutableRawPointer?, _ length: UInt64) -> Int64 {
    let count = min(Int(clamping: length), bytes.byteCount - position)
    guard count > 0, let data = unsafe data else { return 0 }
    guard count <= budget else {
      failure = CoppiceError(
        .zipLimit, "the archive's directory is larger than any that is read here")
      return -1
    }
    budget -= count
    var target = unsafe MutableRawSpan(_unsafeStart: data, byteCount: count)
    do throws(CoppiceError) {
      try bytes.read(at: position, into: &target)
    } catch {
      failure = error
      return -1
    }
    position += count
    return Int64(count)
  }

  private func seek(_ data: UnsafeMutableRawPointer?, _ length: UInt64) -> Int64 {
    let place = unsafe zip_source_seek_compute_offset(
      UInt64(position), UInt64(bytes.byteCount), data, length, nil)
    guard place >= 0 else { return -1 }
    position = Int(place)
    if firstSeek == nil { firstSeek = position }
    return 0
  }

  private func describe(_ data: UnsafeMutableRawPointer?, _ length: UInt64) -> Int64 {
    guard let data = unsafe data, unsafe length >= MemoryLayout<zip_stat_t>.size else { return -1 }
    let status = unsafe data.assumingMemoryBound(to: zip_stat_t.self)
    unsafe zip_stat_init(status)
    unsafe status.pointee.size = UInt64(bytes.byteCount)
    unsafe status.pointee.valid |= UInt64(ZIP_STAT_SIZE)
    return unsafe Int64(MemoryLayout<zip_stat_t>.size)
  }
}
