import CCoppicePlatform
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension FilePath {
  /// The file of the running program, without symbolic links; `nil` where the system doesn't tell.
  package static var executable: FilePath? {
    guard let found = unsafe cplatform_executable_path() else { return nil }
    defer { unsafe free(found) }
    return unsafe FilePath(platformString: found)
  }
}
