package import CoppiceModel
package import SystemPackage

extension CoppiceError {
  /// The error of a failed system call: `io.*`, with what was being done and to which file.
  package static func system(_ errno: Errno, _ action: String, file: String) -> CoppiceError {
    let code: Code =
      switch errno {
      case .noSuchFileOrDirectory, .notDirectory: .ioNotFound
      case .permissionDenied, .notPermitted, .readOnlyFileSystem: .ioPermission
      case .noSpace, .diskQuotaExceeded: .ioNoSpace
      default: .ioFailed
      }
    return CoppiceError(
      code, "can't \(action): \(errno.description)", at: Location(file: file),
      cause: .system(errno: errno.rawValue))
  }
}
