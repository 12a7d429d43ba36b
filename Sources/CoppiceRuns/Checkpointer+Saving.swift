public import CoppiceModel
import CoppiceState
import Synchronization

extension Checkpointer {
  /// Saves a tree as a step if the policy says so, and returns when the step is committed.
  ///
  /// While `CheckpointerOptions.maximumPendingSaves` saves are under way, the call first waits for
  /// one of them. Cancelling the task stops the waiting and the saving; nothing is left on disk.
  ///
  /// - Parameters:
  ///   - step: The number of the step. It must be greater than those of the existing steps, unless
  ///     `isForced` or `overwriting` is given.
  ///   - tree: The state; its arrays are shared, not copied.
  ///   - metrics: The metrics of the step, a JSON object.
  ///   - custom: The metadata of the step, a JSON object.
  ///   - isForced: Whether to save without asking the policy.
  ///   - overwriting: The choice of what to do when the step already exists.
  /// - Returns: The description of the step, or the reason why the policy skipped it.
  /// - Throws: `operation.exists`, `operation.cancelled`, `operation.timed-out`,
  ///   `operation.callback`, `usage.step`, `usage.read-only`, `usage.closed`, `io.*`, `limit.*`.
  ///   The run is then unchanged, except for `operation.callback`. If an earlier asynchronous save
  ///   failed and its `result()` was never awaited, its error is thrown once, and this step isn't
  ///   saved.
  public func save(
    step: Int, _ tree: Tree<NDArray>, metrics: JSON? = nil, custom: JSON? = nil,
    isForced: Bool = false, overwriting: Overwriting = .never
  ) async throws(CoppiceError) -> SaveResult {
    let request = StepRequest(
      step: step, metrics: metrics, custom: custom, isForced: isForced, overwriting: overwriting)
    return try await save(request) { [Checkpoint.unnamed(tree)] }
  }

  /// Saves any `Codable` state as a step if the policy says so.
  ///
  /// Its arrays, numbers and texts become a tree.
  ///
  /// - Returns: The description of the step, or the reason why the policy skipped it.
  /// - Throws: `state.coding`, and the errors of saving a tree.
  public func save(
    step: Int, _ state: some Encodable & Sendable, metrics: JSON? = nil, custom: JSON? = nil,
    isForced: Bool = false, overwriting: Overwriting = .never
  ) async throws(CoppiceError) -> SaveResult {
    let request = StepRequest(
      step: step, metrics: metrics, custom: custom, isForced: isForced, overwriting: overwriting)
    return try await save(request) { () throws(CoppiceError) in
      [Checkpoint.unnamed(try TreeEncoder().encode(state))]
    }
  }

  /// Saves checkpointables as a step if the policy says so.
  ///
  /// They may be trees, JSON, files, `Codable` values, and objects that save themselves.
  ///
  /// - Returns: The description of the step, or the reason why the policy skipped it.
  /// - Throws: `handler.none`, `handler.failed`, `directory.*` for invalid names, and the errors of
  ///   saving a tree.
  public func saveCheckpointables(
    step: Int, _ items: NamedValues<any Sendable>, metrics: JSON? = nil,
    custom: JSON? = nil, isForced: Bool = false, overwriting: Overwriting = .never
  ) async throws(CoppiceError) -> SaveResult {
    let request = StepRequest(
      step: step, metrics: metrics, custom: custom, isForced: isForced, overwriting: overwriting)
    return try await save(request) { () async throws(CoppiceError) in
      try await Checkpoint.checkpointables(items, self.options.handlers)
    }
  }

  /// Returns whether the policy would save a step now.
  ///
  /// The result is `false` for a step that isn't greater than all existing and pending ones: `save`
  /// refuses such a step.
  public func shouldSave(step: Int) -> Bool {
    guard !options.isReadOnly else { return false }
    let (expected, isSaving) = state.withLock { ($0.expected, !$0.pending.isEmpty) }
    let previous = expected.filter { $0.fault == nil }
    return step > previous.last?.step ?? -1 && ask(step, after: previous, isSaving)
  }

  private func save(
    _ request: StepRequest,
    _ checkpointables: () async throws(CoppiceError) -> [NamedCheckpointable]
  ) async throws(CoppiceError) -> SaveResult {
    let save: StepSave
    switch try await begin(request, isAwaited: true, checkpointables) {
    case .skipped(let reason): return .skipped(reason)
    case .started(let started): save = started
    }
    let outcome: Result<CheckpointInfo, CoppiceError> = await withTaskCancellationHandler {
      do throws(CoppiceError) {
        return .success(try await save.result())
      } catch {
        return .failure(error)
      }
    } onCancel: {
      save.cancel()
    }
    return .saved(try outcome.get())
  }
}
