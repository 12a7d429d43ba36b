import CoppiceFiles
import CoppiceModel

/// A difference of two checkpoints.
public struct Difference: Hashable, Sendable {
  /// The kind of a difference.
  public enum Kind: String, Sendable {
    /// Only one side has the node.
    case onlyInA = "only-in-a"
    case onlyInB = "only-in-b"
    /// The two are of different kinds: a list and a tuple, a value and an array.
    case kind
    case recordType = "record-type"
    /// Keys or fields have another order.
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

  /// The kind of the difference.
  public var kind: Kind

  /// The checkpointable: its name, after the names of the step and of the composites that hold it.
  public var checkpointable: String

  /// The path of the tree node or file: empty for the root, `nil` where there is no tree.
  public var path: String?

  /// The place in a JSON document.
  public var pointer: String?

  /// The contents of each side in words; `nil` for a side that has none.
  public var a: String?
  /// The contents of the second side in words; `nil` where it has none.
  public var b: String?

  /// Details about differing elements.
  public var elements: ElementDifference?

  init(_ kind: Kind, _ place: Place, a: String?, b: String?) {
    self.kind = kind
    checkpointable = place.checkpointable
    path = place.path
    pointer = place.pointer
    self.a = a
    self.b = b
  }

  /// The place of a difference.
  struct Place: Sendable {
    var checkpointable: String
    var path: String?
    var pointer: String?

    init(checkpointable: String, path: String? = nil, pointer: String? = nil) {
      self.checkpointable = checkpointable
      self.path = path
      self.pointer = pointer
    }

    /// Returns the place of a node in the same checkpointable.
    func node(_ path: TreePath) -> Place {
      Place(checkpointable: checkpointable, path: path.description)
    }

    /// Returns the place of a checkpointable inside this one.
    func inner(_ name: String) -> Place {
      Place(checkpointable: checkpointable.isEmpty ? name : checkpointable + "/" + name)
    }
  }
}

extension Difference {
  /// Returns the difference with the faults that it names in other words; contents stay as they are.
  public func reworded(_ words: (String) -> String) -> Difference {
    func told(_ text: String) -> String {
      let isFault =
        kind == .notCompared || ["unsupported: ", "damaged: "].contains { text.hasPrefix($0) }
      return isFault ? words(text) : text
    }
    var difference = self
    difference.a = a.map(told)
    difference.b = b.map(told)
    return difference
  }
}

extension Difference: CustomStringConvertible {
  /// The difference in one line: `place: A vs B`.
  public var description: String { "\(place.isEmpty ? "/" : place): \(message)" }

  /// The place of the difference as listings print it; empty for the root.
  public var place: String {
    var place = checkpointable.printable
    if let path, !path.isEmpty { place += (place.isEmpty ? "" : "/") + path.printable }
    if let pointer { place += "#" + pointer.printable }
    return place
  }

  /// The difference in words, without its place.
  public var message: String {
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
  /// The number of differing elements, the first of them, and the largest distances.
  public var description: String {
    let index = firstIndex.map(String.init).joined(separator: ", ")
    var text = "\(differing) of \(total) elements differ, first [\(index)]"
    if total == 1 { text = "the element differs" }
    text += ": \(firstA) vs \(firstB)"
    if let largestAbsolute {
      text += "; largest difference \(ShortNumber.text(largestAbsolute))"
      if let largestRelative { text += " (relative \(ShortNumber.text(largestRelative)))" }
    }
    return text + (norms.map { "; \($0)" } ?? "")
  }
}
