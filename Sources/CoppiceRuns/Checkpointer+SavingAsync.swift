public import CoppiceModel
import CoppiceState

extension Checkpointer {
  /// Begins to save a tree as a step, if the policy says so.
  ///
  /// Arrays are shared, not copied: they are values, and changing one while it is being saved pays
  /// for a copy of that array, once. The call returns at once, unless
  /// `CheckpointerOptions.maximumPendingSaves` saves are under way: then it waits until one of them
  /// has ended, before it takes the state. Cancelling the task while it waits saves nothing.
  ///
  /// - Returns: The handle of the save; or why the policy leaves the step out.
  /// - Throws: As `save`, except for what goes wrong later: that is thrown by the handle's
  ///   `result()`, and if nobody awaits it, by the next save, `wait()` or `close()`.
  public func saveAsync(
    step: Int, _ tree: Tree<NDArray>, metrics: JSON? = nil, custom: JSON? = nil,
    isForced: Bool = false, overwriting: Overwriting = .never
  ) async throws(CoppiceError) -> SaveStart {
    let request = StepRequest(
      step: step, metrics: metrics, custom: custom, isForced: isForced, overwriting: overwriting)
    return try await begin(request, isAwaited: false) { [Checkpoint.part(tree)] }
  }

  /// Begins to save any `Codable` state as a step, if the policy says so.
  ///
  /// - Returns: The handle of the save; or why the policy leaves the step out.
  /// - Throws: `state.coding`, and as beginning to save a tree.
  public func saveAsync(
    step: Int, _ state: some Encodable & Sendable, metrics: JSON? = nil, custom: JSON? = nil,
    isForced: Bool = false, overwriting: Overwriting = .never
  ) async throws(CoppiceError) -> SaveStart {
    let request = StepRequest(
      step: step, metrics: metrics, custom: custom, isForced: isForced, overwriting: overwriting)
    return try await begin(request, isAwaited: false) { () throws(CoppiceError) in
      [Checkpoint.part(try TreeEncoder().encode(state))]
    }
  }

  /// Begins to save named parts as a step, if the policy says so, and returns when their state is
  /// taken and may change again.
  ///
  /// - Returns: The handle of the save; or why the policy leaves the step out.
  /// - Throws: `handler.none`, `handler.failed`, and as beginning to save a tree.
  public func saveCheckpointablesAsync(
    step: Int, _ items: NamedValues<any Sendable>, metrics: JSON? = nil,
    custom: JSON? = nil, isForced: Bool = false, overwriting: Overwriting = .never
  ) async throws(CoppiceError) -> SaveStart {
    let request = StepRequest(
      step: step, metrics: metrics, custom: custom, isForced: isForced, overwriting: overwriting)
    return try await begin(request, isAwaited: false) { () async throws(CoppiceError) in
      try await Checkpoint.parts(items, self.options.handlers)
    }
  }
}
