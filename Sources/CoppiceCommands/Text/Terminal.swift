import CoppiceFiles
import CoppiceModel
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The streams that a command talks to.
///
/// Text is escaped here as well as where it is made, so that no control character of a checkpoint
/// reaches a terminal.
enum Terminal {
  /// Whether people, not programs, see what goes to standard error.
  static var isErrorInteractive: Bool { isatty(STDERR_FILENO) == 1 }

  /// Makes sure that no file that is opened later takes the place of a stream that is closed.
  static func prepare() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      guard fcntl(descriptor, F_GETFD) < 0 else { continue }
      // What is written to a closed output must fail.
      _ = unsafe open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes text to standard output; a reader that went away ends the output quietly.
  ///
  /// - Throws: `io.*` when the text can't be written, as on a full disk.
  static func print(_ text: String) throws(CoppiceError) {
    let error = write(text.printableLines, to: STDOUT_FILENO)
    if let error, error != .brokenPipe { throw Self.failure(error) }
  }

  /// Makes sure that what was printed has arrived: some file systems say so only at the end.
  ///
  /// - Throws: `io.*`.
  static func finish() throws(CoppiceError) {
    let copy = dup(STDOUT_FILENO)
    guard copy >= 0, close(copy) < 0 else { return }
    throw Self.failure(Errno(rawValue: errno))
  }

  private static func failure(_ error: Errno) -> CoppiceError {
    .system(error, "write", file: "standard output")
  }

  /// Writes text to standard error.
  static func printError(_ text: String) { _ = write(text.printableLines, to: STDERR_FILENO) }

  /// Puts a line in the place of the one that stands on the terminal, and leaves it open.
  static func replaceLine(with line: String = "") {
    guard isErrorInteractive else { return }
    _ = write("\r\u{1B}[K" + line, to: STDERR_FILENO)
  }

  private static func write(_ text: String, to descriptor: Int32) -> Errno? {
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
        return Errno(rawValue: errno)
      }
      bytes = bytes.dropFirst(count)
    }
    return nil
  }
}
