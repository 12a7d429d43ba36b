import CoppiceFormat
import CoppiceModel
import FileAccess
import Synchronization

extension Checkpointer.State {
  /// The steps that are there or on their way, in ascending order.
  var expected: [CheckpointInfo] {
    guard !pending.isEmpty else { return listing.infos }
    var all = listing
    for save in pending { all.insert(save.pending) }
    return all.infos
  }
}

extension Checkpointer {
  /// What was decided about a save, and what it was decided on.
  private struct Decision {
    /// The name that the step has or will have.
    var name: String
    var generation: Int
  }

  /// Decides whether a step is saved.
  ///
  /// - Returns: `nil` when the policy says no.
  /// - Throws: `operation.exists`, `usage.*`.
  private func decide(_ request: StepRequest) throws(CoppiceError) -> Decision? {
    let newName = try StepWriter.name(of: request.step, in: options.stepNames)
    try checkWriting()
    let (previous, isSaving, isHidden, generation) = state.withLock { state in
      (
        state.expected, !state.pending.isEmpty, state.listing.hidden.contains(request.step),
        state.generation
      )
    }
    let existing = previous.last { $0.step == request.step }
    guard !isHidden, existing == nil || request.overwriting != .none else {
      throw CoppiceError(
        .operationExists, "step \(request.step) already exists; overwrite it, or save another one",
        at: .init(file: root(existing?.name ?? newName).string))
    }
    let decision = Decision(name: existing?.name ?? newName, generation: generation)
    if request.isForced { return decision }
    // Overwriting goes back in the run on purpose.
    let earlier = previous.filter { info in
      info.step < request.step || request.overwriting == .none && info.step > request.step
    }
    guard request.step > earlier.last?.step ?? -1 else { return nil }
    return ask(request.step, after: earlier, isSaving) ? decision : nil
  }

  /// Asks the policy.
  func ask(_ step: Int, after previous: [CheckpointInfo], _ isSaving: Bool) -> Bool {
    options.saveDecision.shouldSave(
      SaveDecision(
        step: step, time: now, previous: previous, isSaving: isSaving,
        reachedPreemption: options.preemption?.isGiven ?? false))
  }

  /// The present time in nanoseconds since 1970.
  var now: Int { WriteOptions().now().nanoseconds }

  /// Decides about a save and puts it at the end of the queue.
  ///
  /// - Parameter parts: Makes the parts of the checkpoint, once the policy has said yes.
  /// - Returns: The save, and an earlier one to wait for so that not too many are under way; `nil`
  ///   when the policy says no.
  func begin(
    _ request: StepRequest, isAwaited: Bool,
    _ parts: () async throws(CoppiceError) -> [NamedCheckpointable]
  ) async throws(CoppiceError) -> (save: StepSave, earlier: StepSave?)? {
    try throwFailure()
    guard var decision = try decide(request) else { return nil }
    let items = try await parts()
    while true {
      // The policy is the program's own code and was asked without the lock, and making the parts
      // takes time: what was known must still be so.
      let begun = state.withLock { state -> (StepSave, StepSave?)? in
        guard state.generation == decision.generation else { return nil }
        state.generation &+= 1
        let info = CheckpointInfo(
          step: request.step, name: decision.name, metrics: request.metrics,
          custom: request.custom, initTime: now)
        let save = StepSave(info, on: queue, isAwaited: isAwaited) {
          (monitor, outcome) throws(CoppiceError) in
          try self.run(request, items, info, monitor, outcome)
        }
        state.pending.append(save)
        let place = state.pending.count - 1 - max(options.maximumPendingSaves, 1)
        return (save, place >= 0 ? state.pending[place] : nil)
      }
      if let begun { return begun }
      guard let next = try decide(request) else { return nil }
      decision = next
    }
  }

  /// Runs a save on the queue.
  private func run(
    _ request: StepRequest, _ items: [NamedCheckpointable], _ pending: CheckpointInfo,
    _ monitor: OperationMonitor, _ outcome: StepSave.Outcome
  ) throws(CoppiceError) {
    let result = Result { () throws(CoppiceError) in
      let info = try write(request, items, pending.name, monitor)
      outcome.info.withLock { $0 = info }
      state.withLock { state in
        state.listing.insert(info)
        state.generation &+= 1
      }
      try notify(info)
      if request.overwriting == .stepAndLater {
        for later in checkpoints.reversed() where later.step > info.step { retire(later) }
      }
      preserve()
    }
    state.withLock { state in
      // The queue runs saves in the order of the list.
      state.pending.removeFirst()
      state.generation &+= 1
      if case .failure(let error) = result, error.code != .operationCancelled {
        state.failures.append((outcome, error))
      }
    }
    try result.get()
  }

  private func write(
    _ request: StepRequest, _ items: [NamedCheckpointable], _ name: String,
    _ monitor: OperationMonitor
  ) throws(CoppiceError) -> CheckpointInfo {
    let deadline = options.timeout.map { SaveDeadline($0, monitor) }
    do throws(CoppiceError) {
      try monitor.checkCancellation()
      let info = try root.write(request, items, named: name, monitor: monitor)
      _ = deadline?.end()
      return info
    } catch {
      let isLate = deadline?.end() ?? false
      guard isLate, error.code == .operationCancelled else { throw error }
      throw CoppiceError(
        .operationTimedOut,
        "saving took longer than \(options.timeout ?? .zero) and was stopped; nothing was left behind",
        at: .init(file: root(name).string))
    }
  }

  private func notify(_ info: CheckpointInfo) throws(CoppiceError) {
    guard let call = options.postFinalization else { return }
    do {
      try call(info)
    } catch {
      throw CoppiceError(
        .operationCallback, "\(info) is saved, but the call after it failed: \(error)",
        at: .init(file: root(info.name).string), cause: .other(error))
    }
  }
}
