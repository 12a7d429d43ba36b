import CoppiceModel

/// The leaves with faults of a pickle's tree.
///
/// A pickle can name one bad value millions of times in a few bytes each. So only the first leaves
/// have faults of their own, with their paths; the others share one for each fault.
struct PickleFaults {
  /// The file of the pickle, for messages.
  let file: String

  /// The number of leaves that may still have faults of their own.
  private var budget = 1000

  private var shared: [String: ArrayLeaf] = [:]

  init(file: String) { self.file = file }

  mutating func leaf(
    _ kind: LeafFault.Kind, _ error: CoppiceError, _ metadata: ArrayMetadata?, at path: TreePath
  ) -> ArrayLeaf {
    guard budget > 0 else {
      if let leaf = shared[error.message] { return leaf }
      // Commands add the path where they report a fault that has none.
      let leaf = ArrayLeaf(LeafFault(kind, error.located(file: file)), metadata: metadata)
      shared[error.message] = leaf
      return leaf
    }
    budget -= 1
    return ArrayLeaf(
      LeafFault(kind, error.located(file: file, treePath: path.description)), metadata: metadata)
  }
}

/// The changes of values to other kinds, which warnings tell of, one for all equal changes.
struct PickleChanges {
  private var changes: [(message: String, path: TreePath, count: Int)] = []
  private var places: [String: Int] = [:]

  mutating func add(_ message: String, _ path: TreePath) {
    if let place = places[message] {
      changes[place].count += 1
    } else {
      places[message] = changes.count
      changes.append((message, path, 1))
    }
  }

  var warnings: [CoppiceError] {
    changes.map { change in
      let others =
        switch change.count - 1 {
        case 0: ""
        case 1: ", and so is another"
        case let count: ", and so are \(count) others"
        }
      return CoppiceError(
        .pytorchChangedValue, change.message + others,
        at: .init(treePath: change.path.description))
    }
  }
}
