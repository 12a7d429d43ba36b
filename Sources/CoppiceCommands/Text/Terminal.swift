#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The streams that a command talks to.
enum Terminal {
  /// Whether people, not programs, see what goes to standard error.
  static var isErrorInteractive: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes text to standard output; a reader that went away ends the command quietly.
  static func print(_ text: String) { write(text, to: STDOUT_FILENO) }

  /// Writes text to standard error.
  static func printError(_ text: String) { write(text, to: STDERR_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        #if canImport(Darwin)
          unsafe Darwin.write(descriptor, buffer.baseAddress, buffer.count)
        #else
          unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        #endif
      }
      if count < 0 {
        if errno == EINTR { continue }
        return
      }
      bytes = bytes.dropFirst(count)
    }
  }
}
