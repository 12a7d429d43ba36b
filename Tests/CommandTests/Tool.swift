import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage

/// The tool as it was built beside the tests, run as a program of its own.
enum Tool {
  static let path = BuiltProgram.path("coppice") ?? "coppice-is-not-built"

  static var isBuilt: Bool { ShellCommand.has(path.string) }

  /// Runs the tool in the package's directory.
  ///
  /// - Returns: The command line, standard output, standard error and exit status as a golden file has
  ///   them, `TMP` in the place of the scratch directory.
  static func run(
    _ words: [String], scratch: FilePath
  ) throws(CoppiceError) -> (status: Int32, text: String) {
    let errors = scratch.appending("stderr")
    let line = words.map { $0.replacing("TMP", with: scratch.string) }.map(ShellCommand.quoted)
    let result = ShellCommand.script(
      "cd \(ShellCommand.quoted(Specification.package.string)) && COLUMNS=80 LC_ALL=C.UTF-8 "
        + "\(ShellCommand.quoted(path.string)) \(line.joined(separator: " ")) "
        + "2>\(ShellCommand.quoted(errors.string)) </dev/null")
    var text = "$ coppice " + words.map(shown).joined(separator: " ") + "\n" + result.output
    let said = try Specification.text(of: errors)
    if !said.isEmpty { text += "[standard error]\n" + said }
    text += "[exit \(result.status)]\n"
    text = text.replacing(scratch.string, with: "TMP")
    // Times, and the speeds that follow from them, are never the same.
    text = text.replacing(/\ in [0-9.]+ s(, [0-9.]+ [KMG]?i?B\/s)?\n/, with: " in TIME\n")
    text = text.replacing(/"seconds": [0-9.e-]+/, with: "\"seconds\": 0.5")
    // Replaces random names, and drops the shell's message about a missing command.
    if text.contains("coppice-tmp-") {
      text = text.replacing(/coppice-tmp-[0-9a-f]+/, with: "coppice-tmp-ID")
    }
    if words.first == "conformance" {
      text = text.replacing(/coppice-conformance: .*not found\n/, with: "")
    }
    return (result.status, text)
  }

  private static func shown(_ word: String) -> String {
    word.contains(" ") || word.contains("*") ? ShellCommand.quoted(word) : word
  }
}
