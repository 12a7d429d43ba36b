import CoppiceFiles
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The program that parses foreign HDF5 files; it lies beside the tool.
enum WorkerExecutable {
  /// The path of the worker; `nil` where the tool's own location is unknown.
  ///
  /// Without a path, files are parsed in this process. A missing worker at a known path is an
  /// error: hostile files must not reach this process because the worker is missing.
  static let path: FilePath? = ownPath.map {
    $0.removingLastComponent().appending("coppice-hdf5-worker")
  }

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
      // The name as typed leads to the tool only if it contains a directory.
      return CommandLine.arguments.first.map { FilePath($0) }.flatMap {
        $0.components.count > 1 ? $0 : nil
      }
    #endif
  }
}
