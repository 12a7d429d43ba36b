import Coppice

/// The options and commands of the tool for the arguments and calls that errors of the library name.
///
/// The library writes Swift names between backquotes: "leave `compression` out".
enum ToolWords {
  private static let words: [(library: String, tool: String)] = [
    ("by `step`", "with --step N or --step latest"),
    ("set `followsSymlinks`", "give --follow-symlinks"),
    ("set `dequantizes`", "give --dequantize"), ("set `readsSequences`", "give --sequences"),
    ("set `readsRawElements`", "give --raw"),
    ("`boolValues: .normalize`", "--normalize-bools"),
    ("`Checkpoint.convert` with `salvages`", "\"coppice convert --salvage\""),
    ("convert the rest with `salvages`", "convert the rest with --salvage"),
    ("`Checkpoint.convert`", "\"coppice convert\""),
    ("`Checkpoint.migrate` notes how", "see coppice migrate --dry-run"),
    (
      "a JSON checkpointable is loaded from the checkpoint",
      "coppice dump PATH:name prints a JSON checkpointable"
    ),
    ("set `compression` to", "give --compress"),
    ("`chunks`", "--chunk"), ("`compression`", "--compress"), ("`dataFiles`", "--data-files"),
    ("`shards`", "--shard"), ("`format`", "--to"), ("`isStrict`", "--strict"),
    ("`layout`", "--layout"), ("`maximumFileBytes`", "--max-file-size"), ("`name`", "--name"),
    ("`replacingExisting`", "--replace"), ("`stepA`", "--step-a"), ("`stepB`", "--step-b"),
    ("`step`", "--step"),
  ]

  /// Returns a message with the tool's words in the place of the library's.
  static func tell(_ message: String) -> String {
    guard message.utf8.contains(0x60) || message.contains("a JSON checkpointable is") else {
      return message
    }
    return words.reduce(message) { $0.replacing($1.library, with: $1.tool) }
  }
}

extension CoppiceError {
  /// The error with a message in the tool's words, and so the faults that it summarises.
  var inToolWords: CoppiceError { reworded(ToolWords.tell) }
}
