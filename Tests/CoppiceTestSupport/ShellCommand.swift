#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Other programs, as second opinions and as bystanders.
package enum ShellCommand {
  /// Runs a program found in PATH; gives its exit status and all that it printed.
  @discardableResult
  package static func run(_ words: String...) -> (status: Int32, output: String) {
    script(words.map(quoted).joined(separator: " ") + " 2>&1")
  }

  /// Runs a line of shell; gives its exit status and what it printed to standard output.
  @discardableResult
  package static func script(_ line: String) -> (status: Int32, output: String) {
    guard let pipe = popen(line, "r") else { return (-1, "") }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 {
      output += buffer[..<count]
    }
    let status = pclose(pipe)
    // A program that a signal ended has no exit status: the signal's number, negated.
    return (
      status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F),
      String(decoding: output, as: UTF8.self)
    )
  }

  /// A word as the shell takes it unchanged.
  package static func quoted(_ word: String) -> String {
    // By bytes: a quote with a combining mark after it is still a quote to the shell.
    let parts = word.utf8.split(separator: 0x27, omittingEmptySubsequences: false)
    return "'" + parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "'\\''") + "'"
  }

  /// Tells whether a program is installed.
  package static func has(_ program: String) -> Bool {
    script("command -v " + quoted(program) + " >/dev/null 2>&1").status == 0
  }
}
