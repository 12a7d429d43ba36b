package import CoppiceModel
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension FilePath {
  /// The absolute path without symbolic links of what is there.
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
  /// The same path, absolute: a relative one is taken from the working directory of this moment.
  package var fromWorkingDirectory: FilePath {
    guard isRelative, let found = unsafe getcwd(nil, 0) else { return self }
    defer { unsafe free(found) }
    return unsafe FilePath(platformString: found).pushing(self)
  }
}
