package import CoppiceFiles
import CoppiceHDF5
import CoppiceJSON
package import CoppiceModel
import CoppiceProcess
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension FileOutline {
  /// Describes a file.
  ///
  /// - Parameters:
  ///   - name: The file's name in errors; its path by default.
  ///   - listsUnreadable: Whether the outline has entries for objects that libhdf5 can't read.
  ///   - workerLimits: The limits of the worker; by default they depend on the file's size.
  /// - Throws: `io.hdf5-open` when it can't be opened, `hdf5.invalid` or `hdf5.newer-version` when
  ///   libhdf5 can't read it, `hdf5.limit` when it describes too much, `hdf5.worker-died` when the
  ///   worker crashed or ran out of time or memory, `io.hdf5-worker` when the worker can't be
  ///   started, `operation.cancelled` after `ChildProcess.endAll`.
  package static func read(
    _ path: FilePath, mode: HDF5Access, name: String? = nil, listsUnreadable: Bool = false,
    limits: OutlineLimits = OutlineLimits(), workerLimits: WorkerLimits? = nil
  ) throws(CoppiceError) -> FileOutline {
    do {
      let outline: FileOutline
      switch mode {
      case .inProcess:
        let file = try openForOutline(path.bytes)
        outline = try OutlineScanner.scan(file, limits: limits)
      case .worker(let executable):
        outline = try WorkerProcess.outline(
          of: path, executable: executable, limits: limits,
          workerLimits: workerLimits ?? WorkerLimits(fileByteCount: byteCount(of: path)))
      }
      if !listsUnreadable { try outline.requireReadable() }
      return outline
    } catch {
      throw error.located(file: name ?? path.string)
    }
  }

  /// Returns the size of a file; 0 if there is none, which the worker then reports.
  private static func byteCount(of path: FilePath) -> Int {
    var status = stat()
    return unsafe path.withPlatformString { unsafe stat($0, &status) } == 0
      ? Int(status.st_size) : 0
  }

  /// Checks that libhdf5 was able to read every object.
  private func requireReadable() throws(CoppiceError) {
    for entry in entries {
      guard case .unreadable(let code, let reason) = entry.content else { continue }
      throw CoppiceError(
        code, reason, at: .init(treePath: String(decoding: entry.path, as: UTF8.self)))
    }
  }

  /// Opens a regular file; pipes and devices would block or have effects.
  static func openForOutline(_ path: [UInt8]) throws(CoppiceError) -> File {
    var status = stat()
    var terminated = path.map { CChar(bitPattern: $0) }
    terminated.append(0)
    guard unsafe stat(terminated, &status) == 0 else {
      throw CoppiceError(
        .ioHDF5Open, "can't open: \(Errno(rawValue: errno))", cause: .system(errno: errno))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw CoppiceError(.ioHDF5Open, "can't open: it is no file; name an HDF5 file")
    }
    do {
      return try File(readingFrom: path)
    } catch {
      if let number = error.errno {
        throw CoppiceError(
          .ioHDF5Open, "can't open: \(Errno(rawValue: number))", cause: .system(errno: number))
      }
      var fault = error.aboutInput
      if fault.code == .hdf5Invalid { fault.message += " or not HDF5" }
      throw fault
    }
  }
}
