import Coppice
import Synchronization
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The standard streams of a command.
///
/// Text is escaped here as well as where it is made, so that no control character from a checkpoint
/// reaches a terminal.
enum Terminal {
  /// Whether standard error goes to a terminal.
  static var isErrorInteractive: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether standard output goes to a terminal.
  static var isOutputInteractive: Bool { isatty(STDOUT_FILENO) == 1 }

  private static let isSilent = Atomic(false)

  /// Prints nothing from now on: another process prints for all.
  static func silence() { isSilent.store(true, ordering: .relaxed) }

  private static let quiet = Atomic(false)

  /// Whether only output and errors are printed: no warnings, notes, progress or summaries.
  static var isQuiet: Bool {
    get { quiet.load(ordering: .relaxed) }
    set { quiet.store(newValue, ordering: .relaxed) }
  }

  /// Whether messages are colored: on a terminal that knows colors, unless the user refuses them.
  private static var isColored: Bool {
    let refusal = unsafe getenv("NO_COLOR").map { unsafe $0[0] != 0 } ?? false
    let isDumb = unsafe getenv("TERM").map { unsafe String(cString: $0) == "dumb" } ?? true
    return isErrorInteractive && !refusal && !isDumb
  }

  /// Opens closed standard streams, so that no file opened later takes their descriptors.
  static func prepare() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      guard fcntl(descriptor, F_GETFD) < 0 else { continue }
      // Standard output is opened read-only, so that writing to it fails.
      _ = unsafe open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes text to standard output; does nothing when the reader has closed its end.
  ///
  /// - Throws: `io.*` when the text can't be written, for example on a full disk.
  static func print(_ text: String) throws(CoppiceError) {
    let error = write(text.printableLines, to: STDOUT_FILENO)
    if let error, error != .brokenPipe { throw Self.failure(error) }
  }

  /// Writes bytes to standard output as they are; does nothing when the reader has closed its end.
  ///
  /// - Throws: `io.*` when the bytes can't be written.
  static func write(_ bytes: RawSpan) throws(CoppiceError) {
    let error = unsafe bytes.withUnsafeBytes { unsafe write($0, to: STDOUT_FILENO) }
    if let error, error != .brokenPipe { throw Self.failure(error) }
  }

  /// Checks that the output was written: some file systems report failures only on close.
  ///
  /// - Throws: `io.*`.
  static func finish() throws(CoppiceError) {
    let copy = dup(STDOUT_FILENO)
    guard copy >= 0, close(copy) < 0 else { return }
    throw Self.failure(Errno(rawValue: errno))
  }

  private static func failure(_ error: Errno) -> CoppiceError {
    CoppiceError(
      [.noSpace, .diskQuotaExceeded].contains(error) ? .ioNoSpace : .ioFailed,
      "can't write: \(error.description)", at: .init(file: "standard output"),
      cause: .system(errno: error.rawValue))
  }

  /// Writes a message of one line to standard error, in the place of a progress line.
  static func printMessage(_ kind: MessageKind, _ text: String) {
    guard kind == .error || !isQuiet else { return }
    replaceLine()
    let label = kind.label(isColored: isColored)
    _ = write("\(label) \((text + "\n").printableLines)", to: STDERR_FILENO)
  }

  /// Writes the line that sums up what a command has done to standard output, unless it is quiet.
  ///
  /// - Throws: As `print`.
  static func printSummary(_ line: String) throws(CoppiceError) {
    if !isQuiet { try print(line + "\n") }
  }

  /// Replaces the current line of the terminal, without a line feed.
  static func replaceLine(with line: String = "") {
    guard isErrorInteractive else { return }
    _ = write("\r\u{1B}[K" + line, to: STDERR_FILENO)
  }

  private static func write(_ text: String, to descriptor: Int32) -> Errno? {
    var text = text
    return text.withUTF8 { unsafe write(UnsafeRawBufferPointer($0), to: descriptor) }
  }

  private static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32
  ) -> Errno? {
    guard !isSilent.load(ordering: .relaxed) else { return nil }
    var done = 0
    while done < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
      #if canImport(Darwin)
        let count = unsafe Darwin.write(descriptor, rest.baseAddress, rest.count)
      #else
        let count = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      #endif
      if count < 0 {
        if errno == EINTR { continue }
        return Errno(rawValue: errno)
      }
      done += count
    }
    return nil
  }
}

extension String {
  /// The text for terminals: control characters escaped, except line feeds.
  fileprivate var printableLines: String {
    // Most text is plain; this check spares copying large dumps.
    guard utf8.contains(where: { ($0 < 0x20 && $0 != 0x0A) || $0 >= 0x7F }) else { return self }
    return unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).printable(keepingEndsOf: .max) }.joined(separator: "\n")
  }
}
