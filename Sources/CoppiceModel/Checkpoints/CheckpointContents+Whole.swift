extension CheckpointContents {
  /// Opens all checkpointables and checks their leaves for known faults.
  ///
  /// Array data are not read, so damage to them shows later, on reading.
  ///
  /// - Returns: The contents with every checkpointable opened, so that accessing them no longer
  ///   throws.
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
  /// Opens all checkpointables inside the content and checks their leaves for known faults.
  ///
  /// - Throws: All faults of checkpointables and leaves, as one error.
  package func requireWhole(named name: String?) throws(CoppiceError) {
    var collector = FaultCollector()
    try collector.visit(self, at: name ?? "")
    if let fault = CoppiceError.summing(collector.faults) { throw fault }
  }
}

/// A collector of the faults of checkpointables, which it opens.
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
