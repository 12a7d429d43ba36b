import Coppice

/// A folding of siblings that are alike and whose names differ by a number: `layers_{0..31}`.
///
/// They are alike if they have the same structure, dtypes and shapes. A fault is never folded.
struct RowFolding {
  /// A node of the tree that the rows make.
  private struct Node {
    var name: String
    var row: ListingRow?
    var children: [Node] = []
    /// The form that alike nodes share; `nil` for a node that isn't folded.
    var form: String?
  }

  /// The parts of a name around its last number.
  private struct NumberedName {
    var before: Substring
    var digits: Substring
    var after: Substring

    init?(_ name: String) {
      guard let last = name.lastIndex(where: Self.isDigit) else { return nil }
      let end = name.index(after: last)
      let start = name[..<end].lastIndex { !Self.isDigit($0) }.map(name.index(after:))
      before = name[..<(start ?? name.startIndex)]
      digits = name[(start ?? name.startIndex)..<end]
      after = name[end...]
    }

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
  }

  /// Returns rows with alike siblings folded, at least two in a row.
  static func fold(_ rows: [ListingRow]) -> [ListingRow] {
    let tree = node("", rows[...], depth: 0)
    var folded: [ListingRow] = []
    for child in tree.children { append(child, [], to: &folded) }
    if let row = tree.row { folded.append(row) }
    return folded
  }

  /// Makes the folded node of the rows that begin with the same components.
  private static func node(_ name: String, _ rows: ArraySlice<ListingRow>, depth: Int) -> Node {
    var node = Node(name: name)
    var start = rows.startIndex
    while start < rows.endIndex {
      guard rows[start].components.count > depth else {
        node.row = rows[start]
        start += 1
        continue
      }
      let component = rows[start].components[depth]
      let end =
        rows[start...].firstIndex {
          $0.components.count <= depth || $0.components[depth] != component
        } ?? rows.endIndex
      node.children.append(self.node(component, rows[start..<end], depth: depth + 1))
      start = end
    }
    node.children = merged(node.children)
    node.form = form(of: node)
    return node
  }

  private static func form(of node: Node) -> String? {
    if node.children.isEmpty { return node.row.flatMap(\.form) }
    guard node.row == nil else { return nil }
    var text = "("
    for child in node.children {
      guard let form = child.form else { return nil }
      text += child.name + "=" + form + ";"
    }
    return text + ")"
  }

  /// Merges siblings that are alike and whose numbers follow one another.
  private static func merged(_ nodes: [Node]) -> [Node] {
    var merged: [Node] = []
    var start = 0
    while start < nodes.count {
      var end = start + 1
      if let first = NumberedName(nodes[start].name), nodes[start].form != nil {
        while end < nodes.count, isNext(nodes[end], nodes[start], first, end - start) { end += 1 }
      }
      var node = nodes[start]
      if end - start > 1, let last = NumberedName(nodes[end - 1].name),
        let first = NumberedName(node.name)
      {
        node.name = "\(first.before){\(first.digits)..\(last.digits)}\(first.after)"
        multiply(&node, by: end - start)
      }
      merged.append(node)
      start = end
    }
    return merged
  }

  /// Returns whether a node is alike and has the number that follows, in as many digits where the first
  /// one begins with a zero.
  private static func isNext(
    _ node: Node, _ first: Node, _ name: NumberedName, _ distance: Int
  ) -> Bool {
    guard let next = NumberedName(node.name), next.before == name.before,
      next.after == name.after, let number = Int(name.digits), let found = Int(next.digits),
      found == number + distance, node.form == first.form
    else { return false }
    let isPadded = name.digits.hasPrefix("0") && name.digits.utf8.count > 1
    return isPadded
      ? next.digits.utf8.count == name.digits.utf8.count : next.digits == String(found)
  }

  private static func multiply(_ node: inout Node, by count: Int) {
    if var row = node.row {
      row.count *= count
      // Values and places differ; those of the first would look like those of all.
      if row.shape == nil { row.detail = "" }
      row.value = nil
      row.places = []
      node.row = row
    }
    for index in node.children.indices { multiply(&node.children[index], by: count) }
  }

  private static func append(
    _ node: Node, _ above: [String], to rows: inout [ListingRow]
  ) {
    let components = above + [node.name]
    for child in node.children { append(child, components, to: &rows) }
    if var row = node.row {
      row.components = components
      rows.append(row)
    }
  }
}

extension ListingRow {
  /// The form that folded rows share; `nil` for a row that isn't folded.
  fileprivate var form: String? {
    guard fault == nil, branch == nil else { return nil }
    return [
      type, shape?.description ?? "", type == "file" ? String(bytes ?? 0) : "", prng ?? "",
      sharding?.description ?? "", String(count),
    ].joined(separator: ",")
  }
}
