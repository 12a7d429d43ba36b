package import CoppiceModel
package import StrictJSON

/// Numbers that RFC 8259 can't write, taken out of a document and put back.
///
/// Python writes `NaN` into metrics; the root document holds null in its place and remembers the
/// pointer.
///
/// Spec: MET-25, MET-26.
package enum NonfiniteNumbers {
  private static let spellings = ["NaN", "Infinity", "-Infinity"]

  /// Replaces non-finite numbers by null and notes each with its pointer.
  package static func takeOut(
    of json: JSON, at pointer: String, into found: inout [(pointer: String, text: String)]
  ) -> JSON {
    switch json {
    case .number(let text) where spellings.contains(text):
      found.append((pointer, text))
      return .null
    case .array(let elements):
      var replaced: [JSON] = []
      for (index, element) in elements.enumerated() {
        replaced.append(takeOut(of: element, at: "\(pointer)/\(index)", into: &found))
      }
      return .array(replaced)
    case .object(let members):
      var replaced: [JSON.Member] = []
      for member in members {
        let place = pointer + "/" + escape(member.name)
        replaced.append(.init(member.name, takeOut(of: member.value, at: place, into: &found)))
      }
      return .object(replaced)
    default: return json
    }
  }

  /// Tells whether a document has non-finite numbers.
  package static func occur(in json: JSON) -> Bool {
    switch json {
    case .number(let text): spellings.contains(text)
    case .array(let elements): elements.contains(where: occur)
    case .object(let members): members.contains { occur(in: $0.value) }
    default: false
    }
  }

  /// Puts numbers back where null stands; takes from `numbers` what it used.
  private static func putBack(
    into json: JSON, at pointer: String, _ numbers: inout [[UInt8]: String]
  ) -> JSON {
    guard !numbers.isEmpty else { return json }
    switch json {
    case .null:
      return numbers.removeValue(forKey: Array(pointer.utf8)).map { .number($0) } ?? .null
    case .array(let elements):
      var replaced: [JSON] = []
      for (index, element) in elements.enumerated() {
        replaced.append(putBack(into: element, at: "\(pointer)/\(index)", &numbers))
      }
      return .array(replaced)
    case .object(let members):
      var replaced: [JSON.Member] = []
      for member in members {
        let place = pointer + "/" + escape(member.name)
        replaced.append(.init(member.name, putBack(into: member.value, at: place, &numbers)))
      }
      return .object(replaced)
    default: return json
    }
  }

  /// The member that remembers what was taken out, or `nil` when nothing was.
  package static func table(_ found: [(pointer: String, text: String)]) -> JSON? {
    guard !found.isEmpty else { return nil }
    return .object(found.map { .init($0.pointer, .string($0.text)) })
  }

  /// Puts back all numbers of a document's table.
  ///
  /// - Throws: `metadata.bad-nonfinite` for a spelling or a pointer that fits nothing.
  package static func restore(
    _ json: JSON, at pointer: String, from table: JSONNode?
  ) throws(CoppiceError) -> JSON {
    try restore([(json, pointer)], from: table)[0]
  }

  /// Puts back all numbers of a table into the parts of a document that may have some.
  package static func restore(
    _ parts: [(json: JSON, pointer: String)], from table: JSONNode?
  ) throws(CoppiceError) -> [JSON] {
    guard let table else { return parts.map(\.json) }
    var numbers: [[UInt8]: String] = [:]
    for (pointer, value) in try table.requireObject() {
      let text = try value.string()
      guard spellings.contains(text) else {
        throw value.error(.metadataBadNonfinite, "\"\(text)\" is not NaN, Infinity or -Infinity")
      }
      numbers[Array(pointer.utf8)] = text
    }
    let restored = parts.map { putBack(into: $0.json, at: $0.pointer, &numbers) }
    if let left = numbers.keys.first {
      throw table.error(
        .metadataBadNonfinite,
        "\"\(String(decoding: left, as: UTF8.self))\" leads to no null that stands for a number")
    }
    return restored
  }

  /// One step of a JSON pointer.
  private static func escape(_ name: String) -> String {
    guard name.utf8.contains(where: { $0 == 0x7E || $0 == 0x2F }) else { return name }
    var bytes: [UInt8] = []
    for byte in name.utf8 {
      switch byte {
      case 0x7E: bytes += [0x7E, 0x30]
      case 0x2F: bytes += [0x7E, 0x31]
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
