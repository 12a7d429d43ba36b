package import CoppiceModel
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A regular file, open for reading by any number of threads at any offset.
package final class InputFile: Sendable {
  /// The descriptor, which is closed when the last owner releases the file.
  package let descriptor: FileDescriptor

  /// The name for messages, relative to the checkpoint.
  package let name: String

  /// The size when it was opened, in bytes.
  package let byteCount: Int

  /// The path that the user named, for libraries that open files by themselves.
  package let path: FilePath?

  /// Takes ownership of an open descriptor.
  ///
  /// - Throws: `file.kind` when it isn't a regular file.
  package init(
    adopting descriptor: FileDescriptor, name: String, path: FilePath? = nil
  ) throws(CoppiceError) {
    var status = stat()
    guard unsafe fstat(descriptor.rawValue, &status) == 0 else {
      let error = Errno(rawValue: errno)
      try? descriptor.close()
      throw .system(error, "examine the file", file: name)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      try? descriptor.close()
      throw .noRegularFile(name)
    }
    self.descriptor = descriptor
    self.name = name
    self.path = path
    self.byteCount = Int(status.st_size)
  }

  /// Opens a file that the user names; a symbolic link is followed.
  ///
  /// - Throws: `usage.address`, `file.kind`, `io.*`.
  package convenience init(opening path: FilePath) throws(CoppiceError) {
    try path.requireNoAddress()
    let descriptor: FileDescriptor
    do {
      // Non-blocking: opening a named pipe would otherwise wait for a writer.
      descriptor = try FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec])
    } catch {
      let errno = (error as? Errno) ?? .ioError
      if errno == .noSuchAddressOrDevice { throw .noRegularFile(path.string, errno) }
      throw .system(errno, "open the file", file: path.string)
    }
    try self.init(
      adopting: descriptor, name: path.lastComponent?.string ?? path.string, path: path)
  }

  /// Opens the directory of the file that the user named; for a file found in another way, the current one.
  ///
  /// - Throws: `io.*`.
  package func openDirectory(symlinks: SymlinkPolicy) throws(CoppiceError) -> DirectoryHandle {
    let directory = path?.removingLastComponent() ?? ""
    return try DirectoryHandle(opening: directory.isEmpty ? "." : directory, symlinks: symlinks)
  }

  deinit { try? descriptor.close() }
}

extension InputFile: ByteSource {
  package var place: StoredPlace? { StoredPlace(file: name, offset: 0, byteCount: byteCount) }
  package var identity: ByteIdentity? { ByteIdentity(of: self, byteCount: byteCount) }

  package func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    let count = bytes.byteCount
    try readFully(count, at: offset) { done in
      unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe pread(
          descriptor.rawValue, buffer.baseAddress.map { unsafe $0 + done }, count - done,
          off_t(offset + done))
      }
    }
  }

  /// Reads until all bytes have arrived, since one call may return fewer.
  ///
  /// - Parameter read: Makes one system call for the bytes after the first `done`, and returns its
  ///   result.
  func readFully(
    _ count: Int, at offset: Int, _ read: (_ done: Int) -> Int
  ) throws(CoppiceError) {
    let (end, overflow) = offset.addingReportingOverflow(count)
    guard offset >= 0, !overflow, end <= byteCount else {
      throw CoppiceError(
        .ioShortRead, "the file has \(byteCount) bytes, but \(count) are needed from \(offset) on",
        at: .init(file: name, offset: offset))
    }
    var done = 0
    while done < count {
      let got = read(done)
      if got < 0 {
        if errno == EINTR { continue }
        throw .system(Errno(rawValue: errno), "read the file", file: name)
      }
      guard got > 0 else {
        throw CoppiceError(
          .ioShortRead, "the file became shorter while it was read",
          at: .init(file: name, offset: offset + done))
      }
      done += got
    }
  }

  /// Reads a range into an array.
  ///
  /// - Throws: `io.short-read` when the range reaches past the end of the file.
  package func bytes(at offset: Int, count: Int) throws(CoppiceError) -> [UInt8] {
    guard count >= 0, count <= byteCount else {
      throw CoppiceError(
        .ioShortRead, "the file has \(byteCount) bytes, but \(count) are needed from \(offset) on",
        at: .init(file: name, offset: offset))
    }
    // Filling the array with zeros first would take as long as reading.
    var failure: CoppiceError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      var target = unsafe UnsafeMutableRawBufferPointer(buffer).mutableBytes
      do throws(CoppiceError) {
        try read(at: offset, into: &target)
        filled = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Reads the whole file.
  ///
  /// - Throws: `file.too-large` when it has more bytes than `limit`.
  package func allBytes(limit: Int) throws(CoppiceError) -> [UInt8] {
    guard byteCount <= limit else {
      throw CoppiceError(
        .fileTooLarge, "the file has \(byteCount) bytes; at most \(limit) are read of such a file",
        at: .init(file: name))
    }
    return try bytes(at: 0, count: byteCount)
  }
}
