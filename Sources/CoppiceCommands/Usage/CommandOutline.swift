import ArgumentParser
import Coppice

/// The description of a command: its options, arguments and subcommands.
struct CommandOutline {
  /// An argument without a name.
  struct Argument {
    /// The name in capitals, as used in messages.
    var name: String
    var isOptional: Bool
  }

  /// An option or a flag.
  struct Option {
    /// The long names, without dashes.
    var names: [String]
    var valueName: String
    /// The values, where there is a fixed set of them.
    var values: [String]
  }

  /// The words of the command; empty for the tool itself.
  var name = ""
  var arguments: [Argument] = []
  var options: [Option] = []
  var subcommands: [String] = []

  /// The remaining words of the command line.
  var rest: ArraySlice<String>

  /// Finds the command at the beginning of a command line.
  ///
  /// - Throws: `json.*`; never expected, since the parser makes the description itself.
  init(choosing words: ArraySlice<String>) throws(CoppiceError) {
    var node = try JSON(parsing: CoppiceTool._dumpHelp())["command"]
    rest = words
    while let word = rest.first, let below = Self.commands(below: node)[word] {
      name += name.isEmpty ? word : " " + word
      node = below
      rest = rest.dropFirst()
    }
    subcommands = Self.commands(below: node).keys.sorted()
    for argument in node?["arguments"]?.array ?? [] { add(argument) }
  }

  private static func commands(below node: JSON?) -> [String: JSON] {
    let commands = (node?["subcommands"]?.array ?? []).compactMap { command in
      command["commandName"]?.string.map { ($0, command) }
    }
    return Dictionary(commands) { first, _ in first }
  }

  private mutating func add(_ node: JSON) {
    let valueName = (node["valueName"]?.string ?? "").uppercased()
    if node["kind"]?.string == "positional" {
      arguments.append(Argument(name: valueName, isOptional: node["isOptional"] == .bool(true)))
      return
    }
    let names = (node["names"]?.array ?? []).filter { $0["kind"]?.string == "long" }
    options.append(
      Option(
        names: names.compactMap { $0["name"]?.string }, valueName: valueName,
        values: (node["allValues"]?.array ?? []).compactMap(\.string)))
  }
}
