package import CoppiceModel
package import SystemPackage

extension CoppiceError {
  /// Returns the error of a failed system call: `io.*`, with the attempted action and the file.
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

  /// Returns the error for a pipe, device, socket or directory where a regular file is needed.
  static func noRegularFile(_ file: String, _ errno: Errno? = nil) -> CoppiceError {
    CoppiceError(
      .fileKind, "not a regular file; a checkpoint holds only files and directories",
      at: Location(file: file), cause: errno.map { .system(errno: $0.rawValue) })
  }
}
