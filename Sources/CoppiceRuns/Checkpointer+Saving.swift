public import CoppiceModel
import Synchronization

extension Checkpointer {
  /// Saves a tree as a step if the policy says so, and returns when the step is committed.
  ///
  /// While `CheckpointerOptions.maximumPendingSaves` saves are under way, the call first waits for
  /// one of them. Cancelling the task stops the waiting and the saving; nothing is left on disk.
  ///
  /// - Parameters:
  ///   - step: The number of the step. It must be greater than those of the existing steps, unless
  ///     `options` force it or overwrite.
  ///   - tree: The state; its arrays are shared, not copied.
  ///   - metrics: The metrics of the step, a JSON object.
  ///   - options: The step's own metadata, whether the policy is asked, and whether the step may
  ///     exist.
  /// - Returns: The description of the step, or the reason why the policy skipped it.
  /// - Throws: `operation.exists`, `operation.cancelled`, `operation.timed-out`,
  ///   `operation.callback`, `usage.step`, `usage.read-only`, `usage.closed`, `io.*`, `limit.*`.
  ///   The run is then unchanged, except for `operation.callback`. If an earlier asynchronous save
  ///   failed and its `result()` was never awaited, its error is thrown once, and this step isn't
  ///   saved.
  public func save(
    step: Int, _ tree: Tree<NDArray>, metrics: JSON? = nil,
    options: StepOptions = StepOptions()
  ) async throws(CoppiceError) -> SaveResult {
    try await save(StepRequest(step: step, metrics: metrics, options: options), .tree(tree))
  }

  /// Saves any `Codable` state as a step if the policy says so.
  ///
  /// Its arrays, numbers and texts become a tree.
  ///
  /// - Returns: The description of the step, or the reason why the policy skipped it.
  /// - Throws: `state.coding`, and the errors of saving a tree.
  public func save(
    step: Int, _ state: some Encodable & Sendable, metrics: JSON? = nil,
    options: StepOptions = StepOptions()
  ) async throws(CoppiceError) -> SaveResult {
    try await save(StepRequest(step: step, metrics: metrics, options: options), .state(state))
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
    options: StepOptions = StepOptions()
  ) async throws(CoppiceError) -> SaveResult {
    try await save(StepRequest(step: step, metrics: metrics, options: options), .items(items))
  }

  func save(
    _ request: StepRequest, _ content: StepContent
  ) async throws(CoppiceError) -> SaveResult {
    let save: StepSave
    switch try await begin(request, content, isAwaited: true) {
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
    step: Int, _ tree: Tree<NDArray>, metrics: JSON? = nil,
    options: StepOptions = StepOptions()
  ) async throws(CoppiceError) -> SaveStart {
    try await begin(StepRequest(step: step, metrics: metrics, options: options), .tree(tree))
  }

  /// Begins to save any `Codable` state as a step if the policy says so.
  ///
  /// - Returns: The handle of the save, or the reason why the policy skipped the step.
  /// - Throws: `state.coding`, and the errors of beginning to save a tree.
  public func saveAsync(
    step: Int, _ state: some Encodable & Sendable, metrics: JSON? = nil,
    options: StepOptions = StepOptions()
  ) async throws(CoppiceError) -> SaveStart {
    try await begin(StepRequest(step: step, metrics: metrics, options: options), .state(state))
  }

  /// Begins to save checkpointables as a step if the policy says so.
  ///
  /// The call returns when it has taken their state, which may then change again.
  ///
  /// - Returns: The handle of the save, or the reason why the policy skipped the step.
  /// - Throws: `handler.none`, `handler.failed`, and the errors of beginning to save a tree.
  public func saveCheckpointablesAsync(
    step: Int, _ items: NamedValues<any Sendable>, metrics: JSON? = nil,
    options: StepOptions = StepOptions()
  ) async throws(CoppiceError) -> SaveStart {
    try await begin(StepRequest(step: step, metrics: metrics, options: options), .items(items))
  }
}

extension Checkpointer {
  /// Returns whether the policy would save a step now.
  ///
  /// The result is `false` for a step that isn't greater than all existing and pending ones: `save`
  /// refuses such a step. In a group this is the answer of this rank; `allShouldSave(step:)` has one for all.
  public func shouldSave(step: Int) -> Bool {
    guard !options.isReadOnly else { return false }
    let (expected, isSaving) = state.withLock { ($0.expected, !$0.pending.isEmpty) }
    let previous = expected.filter { $0.fault == nil }
    return step > previous.last?.step ?? -1 && ask(step, after: previous, isSaving)
  }
}
