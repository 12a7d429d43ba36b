import CoppiceFormat
public import CoppiceModel
import Synchronization

extension Checkpointer {
  /// Saves a tree as a step, if the policy says so, and returns when it is there for good.
  ///
  /// - Parameters:
  ///   - step: The number of the step, greater than those that are there; else only `isForced` or
  ///     `overwriting` saves it.
  ///   - tree: The state; its arrays are shared, not copied.
  ///   - name: The name of the tree in the checkpoint.
  ///   - metrics: Metrics of the step, a JSON object.
  ///   - custom: Metadata of the step, a JSON object.
  ///   - isForced: Whether the policy isn't asked.
  ///   - overwriting: What is done when the step is there already.
  /// - Returns: Whether the step was saved.
  /// - Throws: `operation.exists`, `operation.cancelled`, `operation.timed-out`,
  ///   `operation.callback`, `usage.step`, `usage.read-only`, `usage.closed`, `io.*`, `limit.*`. The
  ///   root is as it was then, `operation.callback` aside. Also the error of an earlier
  ///   asynchronous save that nobody has awaited, once; this step isn't saved then.
  @discardableResult
  public func save(
    step: Int, _ tree: Tree<NDArray>, name: String = "state", metrics: JSON? = nil,
    custom: JSON? = nil, isForced: Bool = false, overwriting: Overwriting = .none
  ) async throws(CoppiceError) -> Bool {
    try await save(
      step: step, checkpointables: [NamedCheckpointable(name, tree)], metrics: metrics,
      custom: custom, isForced: isForced, overwriting: overwriting)
  }

  /// Saves named parts as a step, if the policy says so, and returns when it is there for good.
  ///
  /// - Returns: Whether the step was saved.
  /// - Throws: As saving a tree; `directory.*` for names that can't be used; what the sources of
  ///   arrays throw.
  @discardableResult
  public func save(
    step: Int, checkpointables: [NamedCheckpointable], metrics: JSON? = nil, custom: JSON? = nil,
    isForced: Bool = false, overwriting: Overwriting = .none
  ) async throws(CoppiceError) -> Bool {
    let request = StepRequest(
      step: step, items: checkpointables, metrics: metrics, custom: custom, isForced: isForced,
      overwriting: overwriting)
    guard let save = try begin(request, isAwaited: true)?.save else { return false }
    let outcome: Result<CheckpointInfo, CoppiceError> = await withTaskCancellationHandler {
      do throws(CoppiceError) {
        return .success(try await save.result())
      } catch {
        return .failure(error)
      }
    } onCancel: {
      save.cancel()
    }
    _ = try outcome.get()
    return true
  }

  /// Begins to save a tree as a step, if the policy says so.
  ///
  /// Arrays are shared, not copied: they are values, and changing one while it is being saved pays
  /// for a copy of that array, once. The call returns at once, unless
  /// `CheckpointerOptions.maximumPendingSaves` saves are under way: then it waits for one of them.
  ///
  /// - Returns: The handle of the save; `nil` when the policy says no.
  /// - Throws: As `save`, except for what goes wrong later: that is thrown by the handle's
  ///   `result()`, and if nobody awaits it, by the next save, `wait()` or `close()`.
  @discardableResult
  public func saveAsync(
    step: Int, _ tree: Tree<NDArray>, name: String = "state", metrics: JSON? = nil,
    custom: JSON? = nil, isForced: Bool = false, overwriting: Overwriting = .none
  ) async throws(CoppiceError) -> StepSave? {
    try await saveAsync(
      step: step, checkpointables: [NamedCheckpointable(name, tree)], metrics: metrics,
      custom: custom, isForced: isForced, overwriting: overwriting)
  }

  /// Begins to save named parts as a step, if the policy says so.
  ///
  /// - Returns: The handle of the save; `nil` when the policy says no.
  /// - Throws: As beginning to save a tree.
  @discardableResult
  public func saveAsync(
    step: Int, checkpointables: [NamedCheckpointable], metrics: JSON? = nil, custom: JSON? = nil,
    isForced: Bool = false, overwriting: Overwriting = .none
  ) async throws(CoppiceError) -> StepSave? {
    let request = StepRequest(
      step: step, items: checkpointables, metrics: metrics, custom: custom, isForced: isForced,
      overwriting: overwriting)
    guard let (save, earlier) = try begin(request, isAwaited: false) else { return nil }
    await earlier?.ended()
    return save
  }

  /// Tells whether the policy would save a step now.
  ///
  /// A step that isn't greater than those that are there, or on their way, is not saved.
  public func shouldSave(step: Int) -> Bool {
    guard !options.isReadOnly else { return false }
    let (previous, isSaving) = state.withLock { ($0.expected, !$0.pending.isEmpty) }
    guard step > previous.last?.step ?? -1 else { return false }
    return decide(step, after: previous, isSaving)
  }

  func decide(_ step: Int, after previous: [CheckpointInfo], _ isSaving: Bool) -> Bool {
    options.saveDecision.shouldSave(
      SaveDecision(
        step: step, time: options.saving.writing.now().nanoseconds, previous: previous,
        isSaving: isSaving, reachedPreemption: options.preemption?.isGiven ?? false))
  }
}

extension NamedCheckpointable {
  /// A tree in memory; its arrays are shared.
  fileprivate init(_ name: String, _ tree: Tree<NDArray>) {
    self.init(name, .tree(tree.mapLeaves { ArrayLeaf($1) }))
  }
}
