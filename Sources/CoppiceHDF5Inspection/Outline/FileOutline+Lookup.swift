extension FileOutline {
  /// An index that finds objects by path, following soft links and second links inside the file.
  package struct Index: Sendable {
    private let entries: [Entry]
    private let positions: [[UInt8]: Int]

    /// The most soft links that a lookup follows, one after the other.
    private static let maximumHops = 32

    package init(_ outline: FileOutline) {
      entries = outline.entries
      var positions: [[UInt8]: Int] = [:]
      for (position, entry) in outline.entries.enumerated() { positions[entry.path] = position }
      self.positions = positions
    }

    /// Returns the entry that describes the object at a path, with its own path.
    ///
    /// - Returns: `nil` when there is no object, or the path leads out of the file or in a cycle.
    package func object(at path: [UInt8]) -> Entry? {
      var hops = 0
      return object(at: path, &hops)
    }

    private func object(at path: [UInt8], _ hops: inout Int) -> Entry? {
      let slash = UInt8(ascii: "/")
      guard var entry = positions[[]].map({ entries[$0] }) else { return nil }
      for component in path.split(separator: slash) where component != [UInt8(ascii: ".")] {
        let prefix = entry.path.isEmpty ? [] : entry.path + [slash]
        guard let position = positions[prefix + component] else { return nil }
        entry = entries[position]
        switch entry.content {
        case .sameObject(let first):
          guard let position = positions[first], !entries[position].content.isLink else {
            return nil
          }
          entry = entries[position]
        case .softLink(let target):
          hops += 1
          let absolute = target.first == slash ? target : prefix + target
          guard hops <= Self.maximumHops, let object = object(at: absolute, &hops) else {
            return nil
          }
          entry = object
        default: break
        }
      }
      return entry
    }
  }
}
