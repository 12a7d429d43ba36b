import ArgumentParser
import CoppiceJSON
import CoppiceModel

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
    let text = Array(CoppiceTool._dumpHelp().utf8)
    let document = try JSONDocument(parsing: text, file: nil)
    var node = document.root["command"]
    rest = words
    while let word = rest.first, let below = try Self.subcommands(of: node)[word] {
      name += name.isEmpty ? word : " " + word
      node = below
      rest = rest.dropFirst()
    }
    subcommands = try Self.subcommands(of: node).keys.sorted()
    guard let arguments = node?["arguments"] else { return }
    for argument in arguments.elements { try add(argument) }
  }

  private static func subcommands(of node: JSONNode?) throws(CoppiceError) -> [String: JSONNode] {
    var found: [String: JSONNode] = [:]
    guard let commands = node?["subcommands"] else { return found }
    for command in commands.elements {
      if let name = command["commandName"] { found[try name.string()] = command }
    }
    return found
  }

  private mutating func add(_ node: JSONNode) throws(CoppiceError) {
    let valueName = try node["valueName"]?.string() ?? ""
    if node["kind"]?.stringEquals("positional") == true {
      let isOptional = try node["isOptional"]?.bool() ?? false
      arguments.append(Argument(name: valueName.uppercased(), isOptional: isOptional))
      return
    }
    var option = Option(names: [], valueName: valueName.uppercased(), values: [])
    if let names = node["names"] {
      for name in names.elements where name["kind"]?.stringEquals("long") == true {
        if let name = name["name"] { option.names.append(try name.string()) }
      }
    }
    option.values = try node["allValues"]?.stringColumn() ?? []
    options.append(option)
  }
}
