package import CoppiceModel
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension FilePath {
  /// Returns the absolute path of an existing file, without symbolic links.
  ///
  /// - Throws: `io.*`.
  package func resolved() throws(CoppiceError) -> FilePath {
    let found = unsafe withPlatformString { unsafe realpath($0, nil) }
    guard let found = unsafe found else {
      throw .system(Errno(rawValue: errno), "resolve the path", file: string)
    }
    defer { unsafe free(found) }
    return unsafe FilePath(platformString: found)
  }
}

extension FilePath {
  /// The absolute form of this path; a relative path is resolved against the current working
  /// directory.
  package var fromWorkingDirectory: FilePath {
    guard isRelative, let found = unsafe getcwd(nil, 0) else { return self }
    defer { unsafe free(found) }
    return unsafe FilePath(platformString: found).pushing(self)
  }
}
