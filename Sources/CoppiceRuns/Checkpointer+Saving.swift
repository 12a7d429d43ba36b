public import CoppiceModel
import CoppiceState
import Synchronization

extension Checkpointer {
  /// Saves a tree as a step, if the policy says so, and returns when it is there for good.
  ///
  /// While `CheckpointerOptions.maximumPendingSaves` saves are under way, the call waits for one of
  /// them first. Cancelling the task stops waiting and saving, and leaves nothing behind.
  ///
  /// - Parameters:
  ///   - step: The number of the step, greater than those that are there, unless it `isForced` or
  ///     `overwriting`.
  ///   - tree: The state; its arrays are shared, not copied.
  ///   - metrics: Metrics of the step, a JSON object.
  ///   - custom: Metadata of the step, a JSON object.
  ///   - isForced: Whether the policy isn't asked.
  ///   - overwriting: What is done when the step is there already.
  /// - Returns: What is known of the step; or why the policy leaves it out.
  /// - Throws: `operation.exists`, `operation.cancelled`, `operation.timed-out`,
  ///   `operation.callback`, `usage.step`, `usage.read-only`, `usage.closed`, `io.*`, `limit.*`. The
  ///   root is as it was then, `operation.callback` aside. Also the error of an earlier
  ///   asynchronous save that nobody has awaited, once; this step isn't saved then.
  public func save(
    step: Int, _ tree: Tree<NDArray>, metrics: JSON? = nil, custom: JSON? = nil,
    isForced: Bool = false, overwriting: Overwriting = .never
  ) async throws(CoppiceError) -> SaveResult {
    let request = StepRequest(
      step: step, metrics: metrics, custom: custom, isForced: isForced, overwriting: overwriting)
    return try await save(request) { [Checkpoint.part(tree)] }
  }

  /// Saves any `Codable` state as a step, if the policy says so: its arrays, numbers and texts become
  /// a tree.
  ///
  /// - Returns: What is known of the step; or why the policy leaves it out.
  /// - Throws: `state.coding`, and as saving a tree.
  public func save(
    step: Int, _ state: some Encodable & Sendable, metrics: JSON? = nil, custom: JSON? = nil,
    isForced: Bool = false, overwriting: Overwriting = .never
  ) async throws(CoppiceError) -> SaveResult {
    let request = StepRequest(
      step: step, metrics: metrics, custom: custom, isForced: isForced, overwriting: overwriting)
    return try await save(request) { () throws(CoppiceError) in
      [Checkpoint.part(try TreeEncoder().encode(state))]
    }
  }

  /// Saves named parts as a step, if the policy says so: trees, JSON, files, `Codable` values, and
  /// objects that save themselves.
  ///
  /// - Returns: What is known of the step; or why the policy leaves it out.
  /// - Throws: `handler.none`, `handler.failed`, `directory.*` for names that can't be used, and as
  ///   saving a tree.
  public func saveCheckpointables(
    step: Int, _ items: NamedValues<any Sendable>, metrics: JSON? = nil,
    custom: JSON? = nil, isForced: Bool = false, overwriting: Overwriting = .never
  ) async throws(CoppiceError) -> SaveResult {
    let request = StepRequest(
      step: step, metrics: metrics, custom: custom, isForced: isForced, overwriting: overwriting)
    return try await save(request) { () async throws(CoppiceError) in
      try await Checkpoint.parts(items, self.options.handlers)
    }
  }

  /// Tells whether the policy would save a step now.
  ///
  /// It doesn't for a step that isn't greater than those that are there, or on their way: `save`
  /// refuses that one.
  public func shouldSave(step: Int) -> Bool {
    guard !options.isReadOnly else { return false }
    let (expected, isSaving) = state.withLock { ($0.expected, !$0.pending.isEmpty) }
    let previous = expected.filter { $0.fault == nil }
    return step > previous.last?.step ?? -1 && ask(step, after: previous, isSaving)
  }

  private func save(
    _ request: StepRequest, _ parts: () async throws(CoppiceError) -> [NamedCheckpointable]
  ) async throws(CoppiceError) -> SaveResult {
    let save: StepSave
    switch try await begin(request, isAwaited: true, parts) {
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
