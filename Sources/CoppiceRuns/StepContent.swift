import CoppiceModel
import CoppiceState

/// The content of a step, as a save is given it.
enum StepContent: Sendable {
  case tree(Tree<NDArray>)
  case state(any Encodable & Sendable)
  case items(NamedValues<any Sendable>)

  /// Makes the checkpointables, which hold their state from then on.
  ///
  /// - Throws: `state.coding`, `handler.none`, `handler.failed`.
  func checkpointables(
    _ handlers: HandlerRegistry
  ) async throws(CoppiceError) -> [NamedCheckpointable] {
    switch self {
    case .tree(let tree): [Checkpoint.unnamed(tree)]
    case .state(let state): [Checkpoint.unnamed(try TreeEncoder().encode(state))]
    case .items(let items): try await Checkpoint.checkpointables(items, handlers)
    }
  }
}
