import CCoppicePlatform
package import CoppiceModel
import Synchronization
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file being written, by any number of threads, each at its own offsets.
package final class OutputFile: Sendable {
  package let descriptor: FileDescriptor
  package let name: String
  /// A second descriptor that writes past the page cache, where there is one.
  private let direct: FileDescriptor?
  /// What is left over of direct writes.
  ///
  /// It is written when those are done: it would wait for them, and they for it.
  /// At most `mostTails` are held, less than a page each.
  private let tails = Mutex<[(offset: Int, bytes: [UInt8])]>([])

  /// Readable and writable by all, as far as the process's mask allows.
  static let permissions = FilePermissions(rawValue: 0o666)

  /// Creates a file that must not exist, or opens one that was just made.
  package init(
    at path: FilePath, creating: Bool = true, bypassingCache: Bool = false
  ) throws(CoppiceError) {
    do {
      descriptor = try FileDescriptor.open(
        path, creating ? .writeOnly : .readWrite,
        options: creating ? [.create, .exclusiveCreate, .closeOnExec] : [.closeOnExec],
        permissions: creating ? Self.permissions : nil)
    } catch {
      throw .system((error as? Errno) ?? .ioError, "create the file", file: path.string)
    }
    name = path.string
    let opened =
      bypassingCache ? unsafe path.withPlatformString { unsafe cplatform_open_direct($0) } : -1
    direct = opened < 0 ? nil : FileDescriptor(rawValue: opened)
  }

  deinit {
    try? descriptor.close()
    try? direct?.close()
  }

  /// Sets the size and, where the file system can, takes the blocks at once.
  package func reserve(byteCount: Int) throws(CoppiceError) {
    #if os(Linux)
      let status = byteCount == 0 ? 0 : posix_fallocate(descriptor.rawValue, 0, off_t(byteCount))
      // A file system that can't reserve gets a hole instead.
      if status == 0 { return }
      guard status == EOPNOTSUPP || status == EINVAL || status == ENOSYS else {
        throw .system(
          Errno(rawValue: status), "reserve \(byteCount) bytes for the file", file: name)
      }
    #endif
    guard ftruncate(descriptor.rawValue, off_t(byteCount)) == 0 else {
      throw .system(Errno(rawValue: errno), "set the size of the file", file: name)
    }
  }

  /// Takes the blocks of a file whose size is set already, where the file system can.
  ///
  /// - Throws: `io.no-space` when the disk or the quota is too small for the file; `io.failed` when it
  ///   is larger than the process may write.
  package func takeBlocks(byteCount: Int) throws(CoppiceError) {
    let error = Errno(rawValue: cplatform_reserve(descriptor.rawValue, Int64(byteCount)))
    guard [.noSpace, .diskQuotaExceeded, .fileTooLarge].contains(error) else { return }
    throw .system(error, "reserve \(byteCount) bytes for the file", file: name)
  }

  /// What writing past the page cache asks of addresses, offsets and lengths.
  private static let directAlignment = 4096
  /// What is held back for later takes 4 MiB at most.
  private static let mostTails = 1024
  /// Fewer bytes are written sooner by way of the page cache.
  package static let leastDirectBytes = 256 << 10

  /// Writes bytes that are to be on stable storage soon.
  ///
  /// Whole pages go past the page cache, at the speed of the device and without a copy; the rest of a
  /// page waits for `sync`. Everything where that can't be goes the usual way and begins to be written
  /// out.
  package func writeThrough(_ bytes: RawSpan, at offset: Int) throws(CoppiceError) {
    let done = writeDirectly(bytes, at: offset)
    let rest = bytes.extracting(done..<bytes.byteCount)
    guard !rest.isEmpty else { return }
    if done > 0, rest.byteCount < Self.directAlignment {
      let tail = unsafe rest.withUnsafeBytes { unsafe Array($0) }
      let areMany = tails.withLock { tails in
        tails.append((offset + done, tail))
        return tails.count >= Self.mostTails
      }
      if areMany { try writeTails() }
      return
    }
    try write(rest, at: offset + done)
    // Not for a few pages: whoever writes beside them would wait until they are out.
    if rest.byteCount >= Self.leastDirectBytes {
      startWriteback(at: offset + done, count: rest.byteCount)
    }
  }

  private func writeTails() throws(CoppiceError) {
    let tails = tails.withLock { tails in
      defer { tails = [] }
      return tails
    }
    for tail in tails { try write(tail.bytes, at: tail.offset) }
  }

  /// Writes whole pages past the page cache.
  ///
  /// - Returns: How many bytes were written: none where it is refused.
  private func writeDirectly(_ bytes: RawSpan, at offset: Int) -> Int {
    guard let direct, bytes.byteCount >= Self.leastDirectBytes,
      offset % Self.directAlignment == 0
    else { return 0 }
    return unsafe bytes.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress,
        Int(bitPattern: start) % Self.directAlignment == 0
      else { return 0 }
      let count = buffer.count / Self.directAlignment * Self.directAlignment
      var done = 0
      while done < count {
        let written = unsafe pwrite(
          direct.rawValue, start + done, count - done, off_t(offset + done))
        if written < 0, errno == EINTR { continue }
        // Whatever it is, the usual way tries again and says what is wrong. It also takes over where
        // a short write left an offset that isn't aligned.
        guard written > 0 else { break }
        done += written
        if written % Self.directAlignment != 0 { break }
      }
      return done
    }
  }

  /// Writes bytes at an offset.
  package func write(_ bytes: RawSpan, at offset: Int) throws(CoppiceError) {
    let count = bytes.byteCount
    var done = 0
    while done < count {
      let written = unsafe bytes.withUnsafeBytes { buffer in
        unsafe pwrite(
          descriptor.rawValue, buffer.baseAddress.map { unsafe $0 + done }, count - done,
          off_t(offset + done))
      }
      if written < 0 {
        if errno == EINTR { continue }
        throw .system(Errno(rawValue: errno), "write the file", file: name)
      }
      done += written
    }
  }

  /// Writes bytes at an offset.
  package func write(_ bytes: [UInt8], at offset: Int) throws(CoppiceError) {
    try write(unsafe bytes.span.bytes, at: offset)
  }

  /// Asks the system to begin writing a range to storage, so that the sync at the end is short.
  package func startWriteback(at offset: Int, count: Int) {
    cplatform_start_writeback(descriptor.rawValue, Int64(offset), Int64(count))
  }

  /// Puts the file's bytes and size on stable storage.
  package func sync() throws(CoppiceError) {
    try writeTails()
    try Self.sync(descriptor, name: name)
  }

  static func sync(_ descriptor: FileDescriptor, name: String) throws(CoppiceError) {
    #if canImport(Darwin)
      let status = fcntl(descriptor.rawValue, F_FULLFSYNC)
    #else
      let status = fsync(descriptor.rawValue)
    #endif
    guard status == 0 else {
      throw .system(Errno(rawValue: errno), "put the file on stable storage", file: name)
    }
  }

  /// Gives an open file a second name; `false` where the system can't, and a copy is needed.
  package static func link(
    _ file: InputFile, at path: FilePath, durability: Durability
  ) throws(CoppiceError) -> Bool {
    #if os(Linux)
      let open = FilePath("/proc/self/fd/\(file.descriptor.rawValue)")
      let status = unsafe open.withPlatformString { from in
        unsafe path.withPlatformString { to in
          unsafe linkat(AT_FDCWD, from, AT_FDCWD, to, AT_SYMLINK_FOLLOW)
        }
      }
      guard status == 0 else { return false }
      if durability == .durable { try sync(file.descriptor, name: file.name) }
      return true
    #else
      return false
    #endif
  }

  /// Writes a whole small file that must not exist.
  package static func create(
    _ path: FilePath, holding bytes: [UInt8], durability: Durability
  ) throws(CoppiceError) {
    let file = try OutputFile(at: path)
    try file.write(bytes, at: 0)
    if durability == .durable { try file.sync() }
  }
}
