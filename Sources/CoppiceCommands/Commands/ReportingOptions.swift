import ArgumentParser

/// The option of every command that says more than its output.
struct QuietFlag: ParsableArguments {
  @Flag(
    name: .shortAndLong,
    help: "Print only output and errors: no warnings, notes, progress or summary.")
  var quiet = false

  /// Silences the command before it runs.
  func validate() { if quiet { Terminal.isQuiet = true } }
}

/// The option of commands whose notes may be many.
struct VerboseFlag: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Print each note; without, notes that are alike are counted.")
  var verbose = false
}
