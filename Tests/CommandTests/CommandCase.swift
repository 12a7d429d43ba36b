import Testing

/// A command line, and the name of the golden file with its output.
///
/// The command runs in the package's directory. `TMP` in a word is a directory of its own.
struct CommandCase: Sendable, CustomTestStringConvertible {
  /// The golden file without its ending: `<command>-<case>`.
  let name: String
  let words: [String]
  /// The exit status: 0 yes, 1 no, 2 could not tell.
  let status: Int32

  init(_ name: String, _ line: String, exits status: Int32 = 0) {
    self.name = name
    self.status = status
    // A quoted word may have spaces.
    var words: [String] = []
    for (index, part) in line.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
      if index % 2 == 1 {
        words.append(String(part))
      } else {
        words += part.split(separator: " ").map(String.init)
      }
    }
    self.words = words
  }

  var testDescription: String { name }
}
