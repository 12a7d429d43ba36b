/// The order in which a group's members are listed.
struct MemberOrder: Sendable {
  /// The ranks of paths that are listed first.
  var ranks: [[UInt8]: Int] = [:]
  /// Whether names that are numbers are ordered numerically.
  var isNumeric = false

  /// Ranks the path of the next object, and the paths of the groups that contain it.
  mutating func append(_ path: [UInt8]) {
    for end in path.indices where path[end] == UInt8(ascii: "/") { rank(Array(path[..<end])) }
    rank(path)
  }

  private mutating func rank(_ path: [UInt8]) {
    if ranks[path] == nil { ranks[path] = ranks.count }
  }

  /// Sorts a group's members; the given order is that of their names' bytes.
  func sorted(_ members: [Int], of group: [UInt8], _ path: (Int) -> [UInt8]) -> [Int] {
    let named = members.map { member in
      let path = path(member)
      let name = path.dropFirst(group.isEmpty ? 0 : group.count + 1)
      let number = isNumeric ? Self.number(name) : nil
      return (member, rank: ranks[path] ?? .max, number: number ?? .max)
    }
    guard named.contains(where: { $0.rank != .max || $0.number != .max }) else { return members }
    return named.enumerated().sorted { left, right in
      (left.element.rank, left.element.number, left.offset)
        < (right.element.rank, right.element.number, right.offset)
    }.map(\.element.0)
  }

  private static func number(_ name: ArraySlice<UInt8>) -> Int? {
    guard !name.isEmpty, name.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(String(decoding: name, as: UTF8.self))
  }
}
