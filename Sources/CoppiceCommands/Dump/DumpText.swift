import Coppice

/// A dump as text for people, one line per node.
enum DumpText {
  static func lines(_ json: JSON) throws(CoppiceError) -> String {
    var text = DumpText.Lines()
    text.checkpoint(json, "")
    return text.lines.joined(separator: "\n") + "\n"
  }
}

extension DumpText {
  /// The lines so far; only the position in the JSON tells the user's names from the description's
  /// own.
  private struct Lines {
    var lines: [String] = []

    mutating func checkpoint(_ json: JSON, _ path: String) {
      for (name, value) in json.pairs {
        switch name {
        case "checkpointables": for (name, part) in value.pairs { item(part, path.below(name)) }
        case "root": item(value, path)
        case "steps": for (name, step) in value.pairs { checkpoint(step, path.below(name)) }
        default: plain(value, path.below(name))
        }
      }
    }

    private mutating func item(_ json: JSON, _ path: String) {
      for (name, value) in json.pairs {
        switch name {
        case "tree": node(value, path)
        case "items": for (name, part) in value.pairs { item(part, path.below(name)) }
        case "files": for (name, file) in value.pairs { add(path.below(name), file.asPairs) }
        case "value": plain(value, path)
        default: add(path, "\(name) \(value.asText)")
        }
      }
    }

    private mutating func node(_ json: JSON, _ path: String) {
      for (name, value) in json.pairs {
        switch name {
        case "dict": for (key, child) in value.pairs { node(child, path.below(key)) }
        case "list", "tuple":
          add(path, name)
          for (index, child) in value.all.enumerated() { node(child, path.below(String(index))) }
        case "namedtuple":
          add(path, "class \(value["class"]?.asText ?? "")")
          for field in value["fields"]?.all ?? [] where field.all.count == 2 {
            node(field.all[1], path.below(field.all[0].raw))
          }
        case "array", "scalar", "was": add(path, value.asPairs)
        default: add(path, "\(name) \(value.asText)")
        }
      }
    }

    /// Adds arbitrary JSON of the user.
    private mutating func plain(_ json: JSON, _ path: String) {
      switch json {
      case .object(let members) where !members.isEmpty:
        for member in members { plain(member.value, path.below(member.name)) }
      case .array(let elements) where !elements.isEmpty:
        for (index, element) in elements.enumerated() { plain(element, path.below(String(index))) }
      default: add(path, json.asText)
      }
    }

    private mutating func add(_ path: String, _ text: String) {
      lines.append("\(path.isEmpty ? "/" : path): \(text)")
    }
  }
}

extension String {
  fileprivate func below(_ name: String) -> String { self + "/" + name.printable }
}

extension JSON {
  fileprivate var pairs: [(String, JSON)] {
    guard case .object(let members) = self else { return [] }
    return members.map { ($0.name, $0.value) }
  }

  fileprivate var all: [JSON] {
    guard case .array(let elements) = self else { return [] }
    return elements
  }

  fileprivate var raw: String {
    guard case .string(let text) = self else { return "" }
    return text
  }

  /// The members of an object in one line.
  fileprivate var asPairs: String {
    pairs.map { "\($0.printable) \($1.asText)" }.joined(separator: "  ")
  }

  fileprivate var asText: String {
    switch self {
    case .null: "null"
    case .bool(let flag): String(flag)
    case .number(let text): text
    case .string(let text): text.printable
    case .array(let elements): "[" + elements.map(\.asText).joined(separator: ", ") + "]"
    case .object: "{" + pairs.map { "\($0.printable): \($1.asText)" }.joined(separator: ", ") + "}"
    }
  }
}
