package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The programs of the package, built beside the tests.
package enum BuiltProgram {
  /// Where the test bundle lies, whatever the scratch path and the configuration: this process is it, or is told
  /// in an argument.
  private static let directories: [FilePath] = {
    var files = CommandLine.arguments.map { FilePath($0) }
    if let resolved = realpath("/proc/self/exe", nil) {
      files.insert(FilePath(String(cString: resolved)), at: 0)
      free(resolved)
    }
    return files.flatMap { file in
      // On macOS a bundle is a directory of directories.
      var (directories, path) = ([FilePath](), file)
      for _ in 0..<4 where path.removeLastComponent() { directories.append(path) }
      return directories
    }
  }()

  /// The path of a program; `nil` where it isn't built.
  package static func path(_ name: String) -> FilePath? {
    directories.map { $0.appending(name) }.first { access($0.string, X_OK) == 0 }
  }

  /// The process that reads HDF5 files.
  package static let worker = path("coppice-hdf5-worker")
}
