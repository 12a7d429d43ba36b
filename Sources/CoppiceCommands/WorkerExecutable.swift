import CoppiceFiles
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The program in which foreign HDF5 files are parsed; it lies beside the tool.
enum WorkerExecutable {
  /// Its path; files are parsed in this process only where nothing tells where the tool lies.
  ///
  /// A worker that isn't there is an error: hostile files must not get at this process for want of it.
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
      // The name as it was typed leads to the tool only where it has a directory.
      return CommandLine.arguments.first.map { FilePath($0) }.flatMap {
        $0.components.count > 1 ? $0 : nil
      }
    #endif
  }
}
