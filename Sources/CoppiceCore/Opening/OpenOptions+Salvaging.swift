import CoppiceModel

extension OpenOptions {
  /// The leaves that the options leave out; `nil` where they leave out none.
  package var salvageScope: Salvage.Scope? {
    Salvage.Scope(salvages: salvages, skipsUnsupported: skipsUnsupported)
  }

  /// Passes warnings to the caller.
  package func warn(_ warnings: [CoppiceError]) {
    guard let onWarning else { return }
    for warning in warnings { onWarning(warning) }
  }

  /// Returns a tree without the leaves that the options leave out.
  ///
  /// - Throws: All faults as one error where no leaf is whole; `io.*`, `operation.cancelled`.
  package func settle(
    _ tree: Tree<ArrayLeaf>, named name: String?, _ monitor: OperationMonitor
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    guard let scope = salvageScope else { return tree }
    let (item, omissions) = try Salvage.run(
      .tree(tree), named: name ?? "", scope: scope, monitor: monitor)
    for omission in omissions { onOmission?(omission) }
    guard case .tree(let whole) = item else { return tree }
    return whole
  }

  /// Returns a checkpointable without the nodes and files that the options leave out; `nil` where
  /// nothing of it is left.
  ///
  /// - Throws: The fault of the checkpointable where the options leave nothing out; `io.*`,
  ///   `operation.cancelled`.
  func settle(
    _ item: NamedCheckpointable, _ monitor: OperationMonitor
  ) throws(CoppiceError) -> Checkpointable? {
    guard let scope = salvageScope else { return try item.value }
    let (items, omissions) = try Salvage.run([item], scope: scope, monitor: monitor)
    for omission in omissions { onOmission?(omission) }
    return try items.first?.value
  }
}
