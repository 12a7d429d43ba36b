package import CoppiceModel

/// Reads an object's members by name, and knows which nobody asked for.
///
/// Asking in document order takes one comparison a member; any order is right.
package struct JSONObjectReader: Sendable {
  /// The object.
  package let node: JSONNode

  private let count: Int
  /// Where the next member is expected: its place on the tape and its number.
  private var place: Int
  private var ordinal = 0
  /// Which members were asked for: the first 64 as bits, others by number.
  private var asked: UInt64 = 0
  private var askedBeyond: Set<Int> = []

  /// Starts reading an object, which the node must be.
  package init(_ node: JSONNode) throws(CoppiceError) {
    count = try node.requireObject().count
    self.node = node
    place = node.index + 1
  }

  /// The value of a member that must be there.
  package mutating func required(_ name: String) throws(CoppiceError) -> JSONNode {
    guard let value = optional(name) else {
      throw node.error(.jsonMissingMember, "the member \"\(name)\" is missing")
    }
    return value
  }

  /// The value of a member that may be there; `null` is a value.
  package mutating func optional(_ name: String) -> JSONNode? {
    for _ in 0..<count {
      if ordinal == count {
        ordinal = 0
        place = node.index + 1
      }
      let isFound = node.tape.hasText(name, at: place)
      let value = JSONNode(tape: node.tape, index: place + 1)
      if isFound { markAsked(ordinal) }
      place = node.tape.indexAfter(place + 1)
      ordinal += 1
      if isFound { return value }
    }
    return nil
  }

  /// The names of members not asked for so far, in document order.
  package var unknownNames: [String] { unknownEntries.map { $0.name.tape.text(of: $0.name.entry) } }

  /// Refuses members not asked for so far.
  package func rejectUnknown() throws(CoppiceError) {
    if isAllAsked { return }
    guard let (name, _) = unknownEntries.first else { return }
    throw name.error(
      .jsonUnknownMember, "the member \(name.quotedExcerpt) is unknown here; remove it")
  }

  private mutating func markAsked(_ ordinal: Int) {
    if ordinal < 64 { asked |= 1 << UInt64(ordinal) } else { askedBeyond.insert(ordinal) }
  }

  private var isAllAsked: Bool {
    asked.nonzeroBitCount + askedBeyond.count == count
  }

  /// The members not asked for so far, in document order.
  package var unknownEntries: [(name: JSONNode, value: JSONNode)] {
    if isAllAsked { return [] }
    return node.entries.enumerated().filter { ordinal, _ in
      ordinal < 64 ? asked & (1 << UInt64(ordinal)) == 0 : !askedBeyond.contains(ordinal)
    }.map(\.element)
  }
}
