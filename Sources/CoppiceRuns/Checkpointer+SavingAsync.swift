public import CoppiceModel
import CoppiceState

extension Checkpointer {
  /// Begins to save a tree as a step if the policy says so.
  ///
  /// Arrays are shared, not copied: they are values, and changing one while it is being saved
  /// copies that array once. The call returns at once, unless
  /// `CheckpointerOptions.maximumPendingSaves` saves are under way: then it waits until one of them
  /// has ended, before it takes the state. Cancelling the task while it waits saves nothing.
  ///
  /// - Returns: The handle of the save, or the reason why the policy skipped the step.
  /// - Throws: As `save`, except for errors that occur later. The handle's `result()` throws those;
  ///   if it is never awaited, the next save, `wait()` or `close()` throws them.
  public func saveAsync(
    step: Int, _ tree: Tree<NDArray>, metrics: JSON? = nil, custom: JSON? = nil,
    isForced: Bool = false, overwriting: Overwriting = .never
  ) async throws(CoppiceError) -> SaveStart {
    let request = StepRequest(
      step: step, metrics: metrics, custom: custom, isForced: isForced, overwriting: overwriting)
    return try await begin(request, isAwaited: false) { [Checkpoint.unnamed(tree)] }
  }

  /// Begins to save any `Codable` state as a step if the policy says so.
  ///
  /// - Returns: The handle of the save, or the reason why the policy skipped the step.
  /// - Throws: `state.coding`, and the errors of beginning to save a tree.
  public func saveAsync(
    step: Int, _ state: some Encodable & Sendable, metrics: JSON? = nil, custom: JSON? = nil,
    isForced: Bool = false, overwriting: Overwriting = .never
  ) async throws(CoppiceError) -> SaveStart {
    let request = StepRequest(
      step: step, metrics: metrics, custom: custom, isForced: isForced, overwriting: overwriting)
    return try await begin(request, isAwaited: false) { () throws(CoppiceError) in
      [Checkpoint.unnamed(try TreeEncoder().encode(state))]
    }
  }

  /// Begins to save checkpointables as a step if the policy says so.
  ///
  /// The call returns when it has taken their state, which may then change again.
  ///
  /// - Returns: The handle of the save, or the reason why the policy skipped the step.
  /// - Throws: `handler.none`, `handler.failed`, and the errors of beginning to save a tree.
  public func saveCheckpointablesAsync(
    step: Int, _ items: NamedValues<any Sendable>, metrics: JSON? = nil,
    custom: JSON? = nil, isForced: Bool = false, overwriting: Overwriting = .never
  ) async throws(CoppiceError) -> SaveStart {
    let request = StepRequest(
      step: step, metrics: metrics, custom: custom, isForced: isForced, overwriting: overwriting)
    return try await begin(request, isAwaited: false) { () async throws(CoppiceError) in
      try await Checkpoint.checkpointables(items, self.options.handlers)
    }
  }
}
