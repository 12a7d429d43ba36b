import CoppiceModel

/// Strings in nested objects, in the order of insertion.
struct NestedStrings {
  private enum Node {
    case text(String)
    case object(NestedStrings)
  }

  private var members: [(name: String, node: Node)] = []
  private var index: [TreeKey: Int] = [:]

  /// Inserts a string at a path; returns `false` if another value is in the way.
  mutating func insert(_ text: String, at steps: ArraySlice<String>) -> Bool {
    guard let name = steps.first else { return false }
    let rest = steps.dropFirst()
    guard let place = index[.string(name)] else {
      var node = Node.text(text)
      if !rest.isEmpty {
        var below = NestedStrings()
        guard below.insert(text, at: rest) else { return false }
        node = .object(below)
      }
      index[.string(name)] = members.count
      members.append((name, node))
      return true
    }
    guard !rest.isEmpty, case .object(var below) = members[place].node else { return false }
    // Release the member first, so that the nested object isn't copied.
    members[place].node = .text("")
    let isInserted = below.insert(text, at: rest)
    members[place].node = .object(below)
    return isInserted
  }

  func write(to writer: inout DocumentWriter) throws(CoppiceError) {
    try writer.object { (writer) throws(CoppiceError) in
      for member in members {
        writer.name(member.name)
        switch member.node {
        case .text(let text): writer.string(text)
        case .object(let below): try below.write(to: &writer)
        }
      }
    }
  }
}
