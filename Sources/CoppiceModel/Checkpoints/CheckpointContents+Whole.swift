extension CheckpointContents {
  /// Opens everything that the checkpoint holds.
  ///
  /// Data of arrays are not read: what is wrong with them shows when they are.
  ///
  /// - Returns: The same contents, of which opening nothing throws any more.
  /// - Throws: All faults of checkpointables and leaves, as one error.
  package func whole() throws(CoppiceError) -> CheckpointContents {
    var collector = FaultCollector()
    var contents = self
    switch root {
    case .unnamed(let item): try collector.visit(item, at: "")
    case .named(let items): contents.root = .named(try collector.open(items, at: ""))
    }
    if let fault = CoppiceError.summing(collector.faults) { throw fault }
    contents.warnings = allWarnings
    return contents
  }
}

extension Checkpointable {
  /// Opens everything inside the content.
  ///
  /// - Throws: All faults of checkpointables and leaves, as one error.
  package func requireWhole(named name: String?) throws(CoppiceError) {
    var collector = FaultCollector()
    try collector.visit(self, at: name ?? "")
    if let fault = CoppiceError.summing(collector.faults) { throw fault }
  }
}

/// Opens checkpointables and collects all that is wrong with them.
private struct FaultCollector {
  var faults: [CoppiceError] = []

  mutating func open(
    _ items: [NamedCheckpointable], at place: String
  ) throws(CoppiceError) -> [NamedCheckpointable] {
    var opened: [NamedCheckpointable] = []
    for item in items {
      let place = place.isEmpty ? item.name : place + "/" + item.name
      do throws(CoppiceError) {
        let value = try item.value
        try visit(value, at: place)
        opened.append(NamedCheckpointable(item.name, value))
      } catch {
        guard error.code.isInputFault else { throw error }
        faults.append(error.located(inCheckpointable: place))
      }
    }
    return opened
  }

  mutating func visit(_ item: Checkpointable, at place: String) throws(CoppiceError) {
    switch item {
    case .composite(let items): _ = try open(items, at: place)
    case .json, .files: break
    case .tree(let tree):
      var isWhole = true
      tree.forEachLeaf { if $0.fault != nil { isWhole = false } }
      guard !isWhole else { return }
      for (path, leaf) in tree.leaves {
        if let fault = leaf.fault { faults.append(fault.error.located(treePath: path.description)) }
      }
    }
  }
}
