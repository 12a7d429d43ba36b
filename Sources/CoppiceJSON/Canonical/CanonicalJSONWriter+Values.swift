internal import CCoppiceSimdjson
package import CoppiceModel

extension CanonicalJSONWriter {
  /// Writes a value with its descendants, members sorted.
  ///
  /// - Throws: As `CanonicalJSON.encode(_:dialect:limits:)`; bytes already written stay.
  package mutating func value(
    _ json: JSON, dialect: JSONDialect = .strict, limits: ReadLimits = .standard
  ) throws(CoppiceError) {
    do {
      try value(json, dialect, depth: min(limits.depth, JSONTape.maximumDepth))
    } catch {
      throw error.located
    }
  }

  /// An error that collects the names and numbers of its path while it is thrown upwards.
  private struct Fault: Error {
    var code: CoppiceError.Code
    var message: String
    var path: [String] = []

    func inside(_ step: String) -> Fault {
      var fault = self
      fault.path.append(step)
      return fault
    }

    var located: CoppiceError {
      let pointer = path.reversed().map { "/" + JSONNode.pointerToken($0) }.joined()
      return CoppiceError(code, message, at: .init(pointer: pointer))
    }
  }

  private mutating func value(
    _ json: JSON, _ dialect: JSONDialect, depth: Int
  ) throws(Fault) {
    switch json {
    case .null: null()
    case .bool(let value): bool(value)
    case .string(let text): string(text)
    case .number(let text):
      guard CanonicalJSON.isNumber(text, dialect) else {
        throw Fault(
          code: .jsonNumberRange,
          message: "the text \(JSONNode.quotedExcerpt(text)) is no JSON number")
      }
      rawNumber(text)
    case .array(let elements):
      try checkDepth(depth)
      beginArray()
      for (position, element) in elements.enumerated() {
        do {
          try value(element, dialect, depth: depth - 1)
        } catch {
          throw error.inside(String(position))
        }
      }
      endArray()
    case .object(let members):
      try checkDepth(depth)
      try object(members, dialect, depth: depth)
    }
  }

  private func checkDepth(_ depth: Int) throws(Fault) {
    guard depth > 0 else {
      throw Fault(code: .jsonDepth, message: "arrays and objects are nested too deeply")
    }
  }

  private mutating func object(
    _ members: [JSON.Member], _ dialect: JSONDialect, depth: Int
  ) throws(Fault) {
    beginObject()
    var previous: String?
    for member in members.sorted(by: { CanonicalJSON.precedes($0.name, $1.name) }) {
      if let previous, previous.utf8.elementsEqual(member.name.utf8) {
        throw Fault(
          code: .jsonDuplicateName, message: "two members have this name", path: [member.name])
      }
      previous = member.name
      name(member.name)
      do {
        try value(member.value, dialect, depth: depth - 1)
      } catch {
        throw error.inside(member.name)
      }
    }
    endObject()
  }

  /// Writes a value that was read, members sorted.
  mutating func value(_ node: JSONNode) {
    let tape = node.tape
    let entry = node.entry
    switch csimdjson_kind(UInt32(entry.kind)) {
    case csimdjson_kind_false: bool(false)
    case csimdjson_kind_true: bool(true)
    case csimdjson_kind_number:
      beginScalar()
      tape.withText(of: entry) { bytes.append($0) }
    case csimdjson_kind_string:
      beginScalar()
      tape.withText(of: entry) { bytes.appendQuoted($0) }
    case csimdjson_kind_array:
      beginArray()
      for element in node.elements { value(element) }
      endArray()
    case csimdjson_kind_object:
      beginObject()
      for place in tape.sortedMembers(of: node.index) {
        tape.withText(of: tape.entry(place)) { name($0) }
        value(JSONNode(tape: tape, index: place + 1))
      }
      endObject()
    default: null()
    }
  }
}

extension JSONTape {
  /// Returns the indexes of an object's names in canonical order.
  fileprivate func sortedMembers(of index: Int) -> [Int] {
    let names = JSONNode(tape: self, index: index).entries.map(\.name.index)
    let isSorted = zip(names, names.dropFirst()).allSatisfy { precedes($0, $1) }
    return isSorted ? names : names.sorted { precedes($0, $1) }
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    withText(of: entry(left)) { left in
      withText(of: entry(right)) { left.precedes($0) }
    }
  }
}
