import CCoppicePlatform
package import CoppiceModel
import Synchronization
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that any number of threads may write, each at its own offsets.
package final class OutputFile: Sendable {
  package let descriptor: FileDescriptor
  package let name: String
  /// A second descriptor that bypasses the page cache, where the system offers one.
  private let direct: FileDescriptor?
  /// The ends of direct writes that don't fill a page.
  ///
  /// They are written after the direct writes: a cached and a direct write of the same file would
  /// wait for each other. At most `mostTails` are held, each shorter than a page.
  private let tails = Mutex<[(offset: Int, bytes: [UInt8])]>([])

  /// Read and write permission for everyone, restricted by the process's umask.
  static let permissions = FilePermissions(rawValue: 0o666)

  /// Creates a file that must not exist, or opens a file that this process has just made.
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

  /// Sets the size and allocates the disk blocks at once, where the file system can.
  package func reserve(byteCount: Int) throws(CoppiceError) {
    #if os(Linux)
      let status = byteCount == 0 ? 0 : posix_fallocate(descriptor.rawValue, 0, off_t(byteCount))
      // A file system that can't allocate gets a sparse file instead.
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

  /// Allocates the disk blocks of a file whose size is already set, where the file system can.
  ///
  /// - Throws: `io.no-space` when the disk or the quota is too small for the file; `io.failed` when it
  ///   is larger than the process may write.
  package func takeBlocks(byteCount: Int) throws(CoppiceError) {
    let error = Errno(rawValue: cplatform_reserve(descriptor.rawValue, Int64(byteCount)))
    guard [.noSpace, .diskQuotaExceeded, .fileTooLarge].contains(error) else { return }
    throw .system(error, "reserve \(byteCount) bytes for the file", file: name)
  }

  /// The alignment that direct writes need for addresses, offsets and lengths.
  private static let directAlignment = 4096
  /// The most tails that are held in memory: 4 MiB in all.
  private static let mostTails = 1024
  /// The smallest direct write: fewer bytes are written faster by way of the page cache.
  package static let leastDirectBytes = 256 << 10

  /// Writes bytes that shall reach stable storage soon.
  ///
  /// Whole pages bypass the page cache and are written at the speed of the device, without a copy;
  /// the rest of the last page waits for `sync`. Where direct writing isn't possible, bytes go
  /// through the page cache and their writeback starts at once.
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
    // Not for a few pages: threads that write the neighbouring bytes would wait for the writeback.
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

  /// Writes whole pages, bypassing the page cache.
  ///
  /// - Returns: The number of bytes written: 0 where direct writing is refused.
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
        // Whatever the failure, the cached write tries again and reports the error. It also takes
        // over where a short write left an unaligned offset.
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

  /// Asks the system to start writing a range to storage, so that the final sync is short.
  package func startWriteback(at offset: Int, count: Int) {
    cplatform_start_writeback(descriptor.rawValue, Int64(offset), Int64(count))
  }

  /// Flushes the file's bytes and size to stable storage.
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

  /// Makes a hard link to an open file; returns `false` where the system can't, so that the caller
  /// must copy.
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

  /// Writes a small file in one go, at a path that must be free.
  package static func create(
    _ path: FilePath, holding bytes: [UInt8], durability: Durability
  ) throws(CoppiceError) {
    let file = try OutputFile(at: path)
    try file.write(bytes, at: 0)
    if durability == .durable { try file.sync() }
  }
}
