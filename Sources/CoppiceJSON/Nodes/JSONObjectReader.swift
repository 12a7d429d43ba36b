package import CoppiceModel

/// A reader of an object's members by name, which records the members that the caller has read.
///
/// Reading in document order takes one comparison for each member; any other order works too.
package struct JSONObjectReader: Sendable {
  /// The object.
  package let node: JSONNode

  private let count: Int
  /// The tape index and the number of the member that is expected next.
  private var place: Int
  private var ordinal = 0
  /// The members read so far: the first 64 as bits, others by number.
  private var asked: UInt64 = 0
  private var askedBeyond: Set<Int> = []

  /// Begins reading an object; throws for other kinds.
  package init(_ node: JSONNode) throws(CoppiceError) {
    count = try node.requireObject().count
    self.node = node
    place = node.index + 1
  }

  /// Returns the value of a member; throws if it is missing.
  package mutating func required(_ name: String) throws(CoppiceError) -> JSONNode {
    guard let value = optional(name) else {
      throw node.error(.jsonMissingMember, "the member \"\(name)\" is missing")
    }
    return value
  }

  /// Returns the value of a member, or `nil` if it is missing; `null` counts as a value.
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

  /// The names of members not read so far, in document order.
  package var unknownNames: [String] { unknownEntries.map { $0.name.tape.text(of: $0.name.entry) } }

  /// Refuses members not read so far.
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

  /// The members not read so far, in document order.
  package var unknownEntries: [(name: JSONNode, value: JSONNode)] {
    if isAllAsked { return [] }
    return node.entries.enumerated().filter { ordinal, _ in
      ordinal < 64 ? asked & (1 << UInt64(ordinal)) == 0 : !askedBeyond.contains(ordinal)
    }.map(\.element)
  }
}
