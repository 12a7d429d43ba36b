import CoppiceModel
import CoppiceState

/// The content of a step, as a save is given it.
enum StepContent: Sendable {
  case tree(Tree<NDArray>)
  case global(Tree<GlobalArray>)
  case state(any Encodable & Sendable)
  case items(NamedValues<any Sendable>)

  /// Makes the checkpointables, which hold their state from then on.
  ///
  /// - Throws: `state.coding`, `handler.none`, `handler.failed`; `usage.choice` for what only a group can save.
  func checkpointables(
    _ handlers: HandlerRegistry
  ) async throws(CoppiceError) -> [NamedCheckpointable] {
    switch self {
    case .tree(let tree): return [Checkpoint.unnamed(tree)]
    case .global:
      throw CoppiceError(
        .usageChoice, "a tree of global arrays is saved by a group: open the run with `group:`")
    case .state(let state): return [Checkpoint.unnamed(try TreeEncoder().encode(state))]
    case .items(let items): return try await Checkpoint.checkpointables(items, handlers)
    }
  }

  /// Makes the checkpointables of a rank, which hold their state from then on.
  ///
  /// - Throws: As `checkpointables`.
  func groupItems(_ handlers: HandlerRegistry) async throws(CoppiceError) -> [GroupItem] {
    let name = Checkpoint.defaultName
    let items: NamedValues<any Sendable> =
      switch self {
      case .tree(let tree): [name: tree]
      case .global(let tree): [name: tree]
      case .state(let state): [name: try TreeEncoder().encode(state)]
      case .items(let items): items
      }
    return try await GroupItem.take(items, handlers)
  }
}
