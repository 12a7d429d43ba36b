import CoppiceModel
import CoppiceTestSupport

extension SeededGenerator {
  /// Any JSON value, containers at most so deep.
  mutating func json(depth: Int) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &self) {
    case 0: .null
    case 1: .bool(Bool.random(using: &self))
    case 2: .integer(Int.random(in: -1_000_000...1_000_000, using: &self))
    case 3: .number(number())
    case 4, 5: .string(string())
    case 6, 7: .array((0..<Int.random(in: 0...6, using: &self)).map { _ in json(depth: depth - 1) })
    default: object(depth: depth)
    }
  }

  private mutating func object(depth: Int) -> JSON {
    var names: Set<TreeKey> = []
    var members: [JSON.Member] = []
    for _ in 0..<Int.random(in: 0...20, using: &self) {
      let name = string()
      guard names.insert(.string(name)).inserted else { continue }
      members.append(JSON.Member(name, json(depth: depth - 1)))
    }
    return .object(members)
  }

  /// A number in one of its many spellings.
  mutating func number() -> String {
    var text = Bool.random(using: &self) ? "-" : ""
    text += Bool.random(using: &self) ? "0" : String(UInt64.random(in: 1 ... .max, using: &self))
    if Bool.random(using: &self) { text += "." + digits() }
    if Bool.random(using: &self) {
      text += (["e", "E", "e+", "E-"].randomElement(using: &self) ?? "e") + digits()
    }
    return text
  }

  private mutating func digits() -> String {
    String(
      (0..<Int.random(in: 1...5, using: &self)).map { _ in
        "0123456789".randomElement(using: &self) ?? "0"
      })
  }

  /// A text of characters from all over Unicode, those that need escapes more often than others.
  mutating func string() -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...24, using: &self) {
      let range: ClosedRange<UInt32> =
        switch Int.random(in: 0..<8, using: &self) {
        case 0: 0x00...0x1F
        case 1: 0x22...0x22
        case 2: 0x5C...0x5C
        case 3: 0x80...0x7FF
        case 4: 0x800...0xFFFF
        case 5: 0x10000...0x10FFFF
        default: 0x20...0x7F
        }
      if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self)) { text.append(scalar) }
    }
    return String(text)
  }

  /// A spelling of a value that is not canonical: white space, any escapes, any order of members.
  mutating func spelling(of json: JSON) -> String {
    func joined(_ parts: [String], _ open: String, _ close: String) -> String {
      open + parts.joined(separator: ",") + close
    }
    let text: String =
      switch json {
      case .null: "null"
      case .bool(let value): String(value)
      case .number(let text): text
      case .string(let text): spelling(of: text)
      case .array(let elements):
        joined(elements.map { spelling(of: $0) }, "[", elements.isEmpty ? blank() + "]" : "]")
      case .object(let members):
        joined(
          members.shuffled(using: &self).map {
            blank() + spelling(of: $0.name) + blank() + ":" + spelling(of: $0.value)
          }, "{", members.isEmpty ? blank() + "}" : "}")
      }
    return blank() + text + blank()
  }

  private mutating func blank() -> String {
    String(
      (0..<Int.random(in: 0...2, using: &self)).map { _ in
        " \n\t\r".randomElement(using: &self) ?? " "
      })
  }

  private mutating func spelling(of text: String) -> String {
    var spelling = "\""
    for scalar in text.unicodeScalars {
      if scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
        || Int.random(in: 0..<4, using: &self) == 0
      {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16, uppercase: Bool.random(using: &self))
          spelling += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        spelling.unicodeScalars.append(scalar)
      }
    }
    return spelling + "\""
  }

  /// A document with a few random changes.
  mutating func mutation(of document: [UInt8], splicing others: [[UInt8]]) -> [UInt8] {
    var bytes = document
    for _ in 0..<Int.random(in: 1...4, using: &self) {
      let start = Int.random(in: 0...bytes.count, using: &self)
      let end = min(bytes.count, start + Int.random(in: 0...8, using: &self))
      switch Int.random(in: 0..<7, using: &self) {
      case 0 where start < bytes.count: bytes[start] = UInt8.random(in: 0...255, using: &self)
      case 1 where start < bytes.count: bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &self)
      case 2: bytes.removeSubrange(start..<end)
      case 3: bytes.insert(contentsOf: bytes[start..<end], at: start)
      case 4:
        bytes.insert(contentsOf: (Self.tokens.randomElement(using: &self) ?? "").utf8, at: start)
      case 5:
        guard let other = others.randomElement(using: &self), !other.isEmpty else { continue }
        let from = Int.random(in: 0..<other.count, using: &self)
        bytes.insert(contentsOf: other[from..<min(other.count, from + 20)], at: start)
      default:
        bytes = Array(bytes[..<(Int.random(in: 0..<4, using: &self) == 0 ? start : bytes.count)])
      }
    }
    return bytes
  }

  private static let tokens = [
    "[", "]", "{", "}", ",", ":", "\"", "\\", "\\\"", "\\u0061", "\\ud83d", "\\ude00",
    "\\ud83d\\ude00", "\\n", "\\x", "0", "-", ".5", "e1",
    "1", "-0", "1.0", "NaN", "Infinity", "-Infinity", "null", "true", "false", " ", "\n", "\t",
    "\0", "\u{1f}", "\"a\":1,", "\"\":", "[]", "{}",
    "\u{feff}", "é", "😀", "\u{7f}", "[[[[", "]]]]", "\"a\"", ",\"a\":2", "/", "//", "'", "\u{c}",
  ]
}
