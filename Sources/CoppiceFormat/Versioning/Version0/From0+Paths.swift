import CoppiceModel

extension From0 {
  /// A node of the tree that flat paths describe.
  final class PathNode {
    /// The meaning of the path; `nil` for a container that is only implied by paths below it.
    var entry: Version0Metadata.Entry?
    var children: [TreeKey: PathNode] = [:]

    /// Adds a path of the metadata.
    func insert(
      _ path: String, _ entry: Version0Metadata.Entry, member: StaticString, limits: ReadLimits,
      file: String
    ) throws(CoppiceError) {
      let place = CoppiceError.Location(file: file, pointer: "/\(member)", treePath: path)
      let node = try self.node(at: path, place, limits)
      guard node.entry == nil else {
        throw CoppiceError(.modelDuplicateKey, "the path has two meanings", at: place)
      }
      if node === self, !entry.isContainer {
        throw CoppiceError(.modelBadNode, "a tree of version 0 is a container", at: place)
      }
      node.entry = entry
    }

    /// Adds the path of a group or dataset.
    func insert(
      hdf5 path: [UInt8], _ entry: Version0Metadata.Entry?, file: String, limits: ReadLimits
    ) throws(CoppiceError) {
      guard let text = String(validating: path, as: UTF8.self) else {
        throw CoppiceError(
          .arraysHDF5Mismatch, "a name in HDF5 isn't UTF-8",
          at: .init(file: file, treePath: String(decoding: path, as: UTF8.self)))
      }
      try node(at: text, .init(file: file, treePath: text), limits).entry = entry
    }

    private func node(
      at path: String, _ place: CoppiceError.Location, _ limits: ReadLimits
    ) throws(CoppiceError) -> PathNode {
      guard !path.isEmpty else { return self }
      let parts = path.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
      guard parts.count <= limits.depth else {
        throw CoppiceError(
          .modelTooDeep, "containers are nested deeper than \(limits.depth) levels", at: place)
      }
      var node = self
      for part in parts {
        guard part.count <= limits.componentBytes else {
          throw CoppiceError(
            .modelKeyTooLong, "a key has at most \(limits.componentBytes) bytes", at: place)
        }
        guard let name = String(part), !name.isEmpty, !name.utf8.elementsEqual(".".utf8),
          !name.utf8.contains(0)
        else {
          throw CoppiceError(
            .modelBadNode, "a key of version 0 is neither empty nor \".\"", at: place)
        }
        let key = TreeKey.string(name)
        if let child = node.children[key] {
          node = child
        } else {
          let child = PathNode()
          node.children[key] = child
          node = child
        }
      }
      return node
    }

    /// The children in order of the bytes of their names.
    var sortedChildren: [(name: String, node: PathNode)] {
      children.compactMap { key, node in
        if case .string(let name) = key { (name, node) } else { nil }
      }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
    }

    /// The children by their names `0`, `1`, …; `nil` when there are others.
    var numberedChildren: [PathNode]? {
      var nodes: [PathNode] = []
      for index in 0..<children.count {
        guard let node = children[.string(String(index))] else { return nil }
        nodes.append(node)
      }
      return nodes
    }
  }
}

extension Version0Metadata.Entry {
  fileprivate var isContainer: Bool { if case .container = self { true } else { false } }
}
