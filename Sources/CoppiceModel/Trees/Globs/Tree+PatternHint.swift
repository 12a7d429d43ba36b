extension Tree {
  /// The most nodes of one depth whose names are compared.
  private static var mostNodes: Int { 4096 }

  /// Returns a hint at the names that a pattern which matches nothing probably means; empty where none is near.
  package func hint(for pattern: String) -> String {
    var nodes = [self]
    for component in pattern.split(separator: "/", omittingEmptySubsequences: false) {
      guard component != "**", let glob = try? PathGlob(String(component)) else { return "" }
      let children = Array(nodes.lazy.flatMap(\.children).prefix(Self.mostNodes))
      let next = children.filter { glob.matches([$0.component.escaped]) }.map(\.node)
      if next.isEmpty {
        let head = String(component.prefix { !"*?[{\\".contains($0) })
        let names = children.map(\.component.escaped)
        if names.contains(where: { $0.utf8.elementsEqual(component.utf8) }) {
          let literal = component.map { "*?[{}\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
          return
            "; *, ?, [ and { have a meaning in patterns: write \(literal.printable) for that name"
        }
        guard head.utf8.count < component.utf8.count else {
          return NearMiss.hint(for: head, among: names)
        }
        // Of a pattern, what comes before the first wildcard is compared with as much of each name.
        return NearMiss.hint(for: head, among: Set(names.map { String($0.prefix(head.count)) }))
      }
      nodes = next
    }
    return ""
  }
}
