import ArgumentParser
import Coppice

/// Errors of the command line, explained in one line.
enum UsageError {
  /// Returns the error for a message of the command line parser.
  ///
  /// The parser's error types are not public, so this parses its text; an unknown text stays as it
  /// is.
  static func explain(_ message: String, _ words: [String]) -> CoppiceError {
    let line = message.split(whereSeparator: \.isNewline).joined(separator: "; ")
    guard let command = try? CommandOutline(choosing: words[...]) else {
      return CoppiceError(.usageCommandLine, "\(line.printable); see coppice help")
    }
    return error(
      command.unknownCommand ?? command.unknownOption(message)
        ?? command.unexpectedArguments(message) ?? command.missingArguments(message)
        ?? command.missingValue(message) ?? command.wrongValue(message)
        ?? command.unexpectedValue(message) ?? command.unknownShell(message) ?? line.printable,
      command)
  }

  /// Returns the error of a request for help with an unknown command; `nil` for other command
  /// lines.
  ///
  /// The parser would answer such a request with the help of the whole tool.
  static func unknownTopic(_ words: [String]) -> CoppiceError? {
    guard words.first == "help", let command = try? CommandOutline(choosing: words.dropFirst()),
      let text = command.unknownCommand
    else { return nil }
    return error(text, command)
  }

  /// Adds a hint to the help unless the text suggests a correction.
  private static func error(_ text: String, _ command: CommandOutline) -> CoppiceError {
    let topic = command.name.isEmpty ? "" : " " + command.name
    let advice = text.hasSuffix("?") ? "" : "; see coppice help" + topic
    return CoppiceError(.usageCommandLine, text + advice)
  }
}

extension CommandOutline {
  /// The message about an unknown word in the place of a command.
  fileprivate var unknownCommand: String? {
    guard !subcommands.isEmpty, let word = rest.first, !word.hasPrefix("-") else { return nil }
    let prefix = name.isEmpty ? "" : name + " "
    return "there is no command \"\(prefix)\(word.printable)\""
      + (NearMiss.nearest(to: word, among: subcommands).map { "; did you mean \"\(prefix)\($0)\"?" }
        ?? "")
  }

  fileprivate func unknownOption(_ message: String) -> String? {
    guard let match = message.prefixMatch(of: /Unknown option '(-+)(.+?)'/) else { return nil }
    let option = String(match.2)
    if name.isEmpty {
      return "options follow the command; coppice itself has no \(match.1)\(option.printable)"
    }
    let near = NearMiss.nearest(to: option, among: options.flatMap(\.names))
    return "\(name) has no option \(match.1)\(option.printable)"
      + (near.map { "; did you mean --\($0)?" } ?? "")
  }

  fileprivate func unexpectedArguments(_ message: String) -> String? {
    let pattern = /(?s:(?:Unexpected argument|\d+ unexpected arguments:) '(.*)')/
    guard let match = message.wholeMatch(of: pattern) else { return nil }
    let taken =
      arguments.isEmpty
      ? "no arguments" : arguments.map(\.name).joined(separator: " and ") + " only"
    let words = String(match.1).split(separator: "', '").map { "\"\(String($0).printable)\"" }
    return "\(name) takes \(taken); leave \(words.joined(separator: ", ")) out"
  }

  fileprivate func missingArguments(_ message: String) -> String? {
    guard let match = message.prefixMatch(of: /Missing expected argument '<(.+?)>/),
      let first = arguments.firstIndex(where: { $0.name == match.1.uppercased() })
    else { return nil }
    let missing = arguments[first...].filter { !$0.isOptional }.map(\.name)
    let whole = arguments.map { $0.isOptional ? "[\($0.name)]" : $0.name }
    return "\(name) needs \(missing.joined(separator: " and ")): coppice \(name) "
      + whole.joined(separator: " ")
  }

  fileprivate func missingValue(_ message: String) -> String? {
    guard let match = message.prefixMatch(of: /Missing value for '--([^ ']+)/) else { return nil }
    let value = option(match.1)?.valueName ?? "VALUE"
    return "--\(match.1) needs a value: --\(match.1) \(value)"
  }

  fileprivate func wrongValue(_ message: String) -> String? {
    let pattern = /(?s:The value '(.*)' is invalid for '--([^ ']+))/
    guard let match = message.prefixMatch(of: pattern) else { return nil }
    let value = String(match.1)
    // All other options whose value is parsed as a type take numbers.
    guard let values = option(match.2)?.values, let last = values.last else {
      return "--\(match.2) takes a number, not \"\(value.printable)\""
    }
    let all = values.count > 1 ? values.dropLast().joined(separator: ", ") + " or " + last : last
    return "--\(match.2) takes \(all), not \"\(value.printable)\""
      + NearMiss.hint(for: value, among: values)
  }

  fileprivate func unexpectedValue(_ message: String) -> String? {
    let pattern = /(?s:The option '(-+[^ ']+)' does not take any value, but '(.*)' was specified)/
    guard let match = message.prefixMatch(of: pattern) else { return nil }
    return "\(match.1) takes no value; leave \"=\(String(match.2).printable)\" out"
  }

  fileprivate func unknownShell(_ message: String) -> String? {
    let pattern = /(?s:Can't generate completion scripts for '(.*)'\.\n)/
    guard let match = message.prefixMatch(of: pattern) else { return nil }
    let shells = CompletionShell.allCases.map(\.rawValue)
    return
      "there are completions for \(shells.joined(separator: ", ")), not \"\(String(match.1).printable)\""
      + NearMiss.hint(for: String(match.1), among: shells)
  }

  private func option(_ name: Substring) -> Option? {
    options.first { $0.names.contains(String(name)) }
  }
}

extension CoppiceError.Code {
  /// The command line can't be understood.
  static let usageCommandLine = Self(rawValue: "usage.command-line")
}
