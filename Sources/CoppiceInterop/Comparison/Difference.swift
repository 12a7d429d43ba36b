import CoppiceFiles
import CoppiceModel

/// One thing in which two checkpoints differ.
package struct Difference: Hashable, Sendable {
  /// What kind of thing it is.
  package enum Kind: String, Sendable {
    /// One side has it, the other doesn't.
    case onlyInA = "only-in-a"
    case onlyInB = "only-in-b"
    /// The two are of different kinds: a list and a tuple, a value and an array.
    case kind
    case recordType = "record-type"
    /// Keys or fields come in another order.
    case order
    case value
    case dtype
    case shape
    /// The random-number implementation of a key.
    case prng
    case elements
    case sharding
    /// The bytes of a file.
    case bytes
    /// A value inside a JSON document.
    case json
    /// The two can't be compared: one is damaged, or no array can represent it.
    case notCompared = "not-compared"
  }

  package var kind: Kind

  /// The checkpointable: its name, after those of the composites and of the step that hold it.
  package var part: String

  /// The node of the tree, or the path of a file; empty for the root, `nil` where there is no tree.
  package var path: String?

  /// The place in a JSON document.
  package var pointer: String?

  /// What each side has, in words; `nil` for the side that has nothing.
  package var a: String?
  package var b: String?

  /// More of elements that differ.
  package var elements: ElementDifference?

  init(_ kind: Kind, _ place: Place, a: String?, b: String?) {
    self.kind = kind
    part = place.part
    path = place.path
    pointer = place.pointer
    self.a = a
    self.b = b
  }

  /// Where something is.
  struct Place: Sendable {
    var part: String
    var path: String?
    var pointer: String?

    init(part: String, path: String? = nil, pointer: String? = nil) {
      self.part = part
      self.path = path
      self.pointer = pointer
    }

    /// The same part with a node of its tree.
    func node(_ path: TreePath) -> Place { Place(part: part, path: path.description) }

    /// A part inside this one.
    func inner(_ name: String) -> Place {
      Place(part: part.isEmpty ? name : part + "/" + name)
    }
  }
}

extension Difference: CustomStringConvertible {
  /// One line: `place: what A has vs what B has`.
  package var description: String {
    var place = part.printable
    if let path, !path.isEmpty { place += (place.isEmpty ? "" : "/") + path.printable }
    if let pointer { place += "#" + pointer.printable }
    return "\(place.isEmpty ? "/" : place): \(message)"
  }

  /// What differs, in words.
  package var message: String {
    switch (kind, a, b) {
    case (.onlyInA, let a?, _): return "only in A: \(a)"
    case (.onlyInB, _, let b?): return "only in B: \(b)"
    case (.elements, _, _):
      guard let elements else { return "" }
      return elements.description
    case (.recordType, let a?, let b?): return "record type \(a) vs \(b)"
    case (.order, let a?, let b?): return "order \(a) vs \(b)"
    case (.prng, let a?, let b?): return "random key \(a) vs \(b)"
    case (.notCompared, _, _):
      return "not compared: " + [a, b].compactMap { $0 }.joined(separator: "; ")
    case (.sharding, let a?, let b?): return "sharding \(a) vs \(b)"
    default: return "\(a ?? "none") vs \(b ?? "none")"
    }
  }
}

extension ElementDifference: CustomStringConvertible {
  /// How many differ, the first of them, and the largest distances.
  package var description: String {
    let index = firstIndex.map(String.init).joined(separator: ", ")
    var text = "\(differing) of \(total) elements differ, first [\(index)]"
    if total == 1 { text = "the element differs" }
    text += ": \(firstA) vs \(firstB)"
    guard let largestAbsolute else { return text }
    text += "; largest difference \(ShortNumber.text(largestAbsolute))"
    if let largestRelative { text += " (relative \(ShortNumber.text(largestRelative)))" }
    return text
  }
}
