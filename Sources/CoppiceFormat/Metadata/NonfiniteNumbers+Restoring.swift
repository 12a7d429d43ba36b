package import CoppiceJSON
package import CoppiceModel

extension NonfiniteNumbers {
  /// Puts the numbers of a document's table back into `metrics` and `custom`.
  ///
  /// Spec: MET-26.
  ///
  /// - Parameter table: The member `nonfinite`, if the document has one.
  /// - Throws: `metadata.bad-nonfinite` for an unknown spelling, or for a pointer that leads to no
  ///   null.
  package static func restore(
    _ parts: [(json: JSON, name: String)], from table: JSONNode?
  ) throws(CoppiceError) -> [(json: JSON, name: String)] {
    guard let table else { return parts }
    let places = Place()
    var found: [(place: Place, value: JSONNode)] = []
    for (pointer, value) in try table.requireObject() {
      guard let text = spellings.first(where: { value.stringEquals($0) }) else {
        throw value.error(.metadataBadNonfinite, "neither NaN nor Infinity nor -Infinity")
      }
      guard let place = places.descend(pointer) else { throw leadsNowhere(value) }
      place.text = text
      found.append((place, value))
    }
    guard !found.isEmpty else {
      throw table.error(.metadataBadNonfinite, "there are no such numbers; leave the member out")
    }
    var restored = parts
    for index in parts.indices {
      guard let place = places.next[Array(parts[index].name.utf8)] else { continue }
      restored[index].json = putBack(into: parts[index].json, place)
    }
    if let left = found.first(where: { $0.place.text != nil }) { throw leadsNowhere(left.value) }
    return restored
  }

  private static func leadsNowhere(_ value: JSONNode) -> CoppiceError {
    value.error(
      .metadataBadNonfinite, "the pointer leads to no null that stands for a number")
  }

  /// A prefix tree of the table's pointers, so that the document is walked only once.
  private final class Place {
    /// The number for this position, until it has been put there.
    var text: String?
    var next: [[UInt8]: Place] = [:]

    /// Deeper than any document that the reader accepts.
    private static let maximumDepth = 1024

    /// Returns the node of a pointer; `nil` for a text that isn't a pointer, or is too deep.
    func descend(_ pointer: String) -> Place? {
      let steps = pointer.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
      guard steps.first?.isEmpty == true, steps.count <= Self.maximumDepth else { return nil }
      var place = self
      for step in steps.dropFirst() {
        let name = Array(step)
        if let known = place.next[name] {
          place = known
        } else {
          let new = Place()
          place.next[name] = new
          place = new
        }
      }
      return place
    }
  }

  private static func putBack(into json: JSON, _ place: Place) -> JSON {
    switch json {
    case .null:
      guard let text = place.text else { return .null }
      place.text = nil
      return .number(text)
    case .array(var elements):
      guard !place.next.isEmpty else { return json }
      for index in elements.indices {
        guard let next = place.next[Array(String(index).utf8)] else { continue }
        elements[index] = putBack(into: elements[index], next)
      }
      return .array(elements)
    case .object(var members):
      guard !place.next.isEmpty else { return json }
      for index in members.indices {
        guard let next = place.next[Array(members[index].name.jsonPointerToken.utf8)] else {
          continue
        }
        members[index].value = putBack(into: members[index].value, next)
      }
      return .object(members)
    default: return json
    }
  }
}
