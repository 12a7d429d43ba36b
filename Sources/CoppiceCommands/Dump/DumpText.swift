import CoppiceModel
import FileAccess

/// A dump as people read it: one line a node.
enum DumpText {
  static func lines(_ json: JSON) throws(CoppiceError) -> String {
    var lines: [String] = []
    append(json, path: "", to: &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func append(_ json: JSON, path: String, to lines: inout [String]) {
    switch json {
    case .object(let members):
      if case .object(let array)? = json["array"] {
        lines.append(
          line(path, array.map { "\($0.name) \(text($0.value))" }.joined(separator: "  ")))
        return
      }
      if members.isEmpty { lines.append(line(path, "{}")) }
      for member in members {
        let step = ["tree", "dict", "list", "tuple", "items", "checkpointables"].contains(
          member.name)
        let below = step ? path : path + "/" + member.name.printable
        append(member.value, path: below, to: &lines)
      }
    case .array(let elements):
      if elements.isEmpty { lines.append(line(path, "[]")) }
      for (index, element) in elements.enumerated() {
        append(element, path: path + "/\(index)", to: &lines)
      }
    default: lines.append(line(path, text(json)))
    }
  }

  private static func line(_ path: String, _ text: String) -> String {
    "\(path.isEmpty ? "/" : path): \(text)"
  }

  private static func text(_ json: JSON) -> String {
    switch json {
    case .null: "null"
    case .bool(let flag): String(flag)
    case .number(let text): text
    case .string(let text): text.printable
    case .array(let elements): "[" + elements.map(text).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { "\($0.name): \(text($0.value))" }.joined(separator: ", ") + "}"
    }
  }
}
