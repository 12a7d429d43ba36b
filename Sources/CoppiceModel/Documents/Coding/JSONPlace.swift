/// The place of a value that is being encoded or decoded, linked to those around it.
///
/// Coding paths are wanted in errors only, so that nothing copies them on the way.
final class JSONPlace {
  private let parent: JSONPlace?
  private let key: (any CodingKey)?
  /// The number of containers around the value.
  let depth: Int

  /// Makes the place of the whole document.
  init() {
    parent = nil
    key = nil
    depth = 0
  }

  init(_ parent: JSONPlace, _ key: any CodingKey) {
    self.parent = parent
    self.key = key
    depth = parent.depth + 1
  }

  var codingPath: [any CodingKey] {
    var keys: [any CodingKey] = []
    var place = self
    while let key = place.key, let parent = place.parent {
      keys.append(key)
      place = parent
    }
    return keys.reversed()
  }

  /// Checks that values nest no deeper than documents do.
  ///
  /// - Throws: `json.coding`.
  func checkDepth() throws(CoppiceError) {
    let limit = ReadLimits.standard.depth
    guard depth <= limit else {
      throw CoppiceError(
        .jsonCoding, "the value is nested deeper than \(limit) containers, or contains itself",
        at: .init(pointer: codingPath.jsonPointer))
    }
  }
}

/// The coding key of a member or of an element.
struct JSONKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ name: String) {
    stringValue = name
    // A name of digits is a name.
    intValue = nil
  }

  init(stringValue: String) { self.init(stringValue) }

  init(intValue: Int) {
    stringValue = String(intValue)
    self.intValue = intValue
  }
}

extension [any CodingKey] {
  /// The place in a document that a coding path leads to, by RFC 6901.
  var jsonPointer: String {
    map { "/" + $0.stringValue.jsonPointerToken }.joined()
  }
}
