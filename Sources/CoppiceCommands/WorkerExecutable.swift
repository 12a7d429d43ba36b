import FileAccess
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The program in which foreign HDF5 files are parsed; it lies beside the tool.
enum WorkerExecutable {
  /// Its path, or `nil` when it isn't installed: files are parsed in this process then.
  static let path: FilePath? = {
    guard let own = ownPath else { return nil }
    let path = own.removingLastComponent().appending("coppice-hdf5-worker")
    let isThere = unsafe path.withPlatformString { unsafe access($0, X_OK) } == 0
    return isThere ? path : nil
  }()

  private static var ownPath: FilePath? {
    #if os(Linux)
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        guard let start = bytes.baseAddress else { return 0 }
        return unsafe readlink(
          "/proc/self/exe", start.assumingMemoryBound(to: CChar.self), bytes.count)
      }
      guard count > 0 else { return nil }
      return FilePath(String(decoding: buffer[..<count], as: UTF8.self))
    #else
      return CommandLine.arguments.first.map { FilePath($0) }
    #endif
  }
}
