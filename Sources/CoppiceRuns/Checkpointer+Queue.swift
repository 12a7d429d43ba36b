import CoppiceFiles
import CoppiceModel
import Dispatch
import Synchronization

extension Checkpointer.State {
  /// The steps of the run, including those still being saved, in ascending order.
  var expected: [CheckpointInfo] {
    guard !pending.isEmpty else { return listing.infos }
    var all = listing
    for save in pending { all.insert(save.pending) }
    return all.infos
  }
}

extension Checkpointer {
  /// The decision about a save.
  enum Decision {
    /// The step is saved under this name; the decision holds for this generation of the state.
    case save(name: String, generation: Int)
    case skip(SkipReason)
  }

  /// Decides whether a step is saved.
  ///
  /// - Throws: `operation.exists`, `usage.*`.
  func decide(_ request: StepRequest) throws(CoppiceError) -> Decision {
    let newName = try StepWriter.name(of: request.step, in: options.stepNames)
    try checkWriting()
    let (previous, isSaving, isHidden, generation) = state.withLock { state in
      (
        state.expected, !state.pending.isEmpty, state.listing.hidden.contains(request.step),
        state.generation
      )
    }
    let existing = previous.last { $0.step == request.step }
    // A faulty step doesn't block a new one: it is set aside when the new one is written.
    let isTaken = existing.map { $0.fault == nil } ?? false
    guard !isHidden, !isTaken || request.options.overwriting != .never else {
      throw CoppiceError(
        .operationExists, "step \(request.step) already exists; overwrite it, or save another one",
        at: .init(file: root(existing?.name ?? newName).string))
    }
    let decision = Decision.save(name: existing?.name ?? newName, generation: generation)
    if request.options.isForced { return decision }
    // A save that overwrites goes back in the run on purpose, so later steps don't count.
    let earlier = previous.filter { info in
      info.fault == nil
        && (info.step < request.step
          || request.options.overwriting == .never && info.step > request.step)
    }
    if let latest = earlier.last, latest.step > request.step {
      throw CoppiceError(
        .usageStep,
        "step \(request.step) comes before \(latest), which is there or on its way; save a later one, "
          + "force this one (.forced), or go back to it (.overwriting(.stepAndLater))",
        at: .init(file: root(newName).string))
    }
    guard ask(request.step, after: earlier, isSaving) else {
      return .skip(
        SkipReason(
          step: request.step, policy: options.saveDecision.description, isSaving: isSaving))
    }
    return decision
  }

  /// Returns whether the policy saves a step.
  func ask(_ step: Int, after previous: [CheckpointInfo], _ isSaving: Bool) -> Bool {
    options.saveDecision.shouldSave(
      SaveDecision(
        step: step, time: .now, previous: previous, isSaving: isSaving,
        reachedPreemption: options.preemption?.isGiven ?? false))
  }

  /// Decides about a save, waits for a free slot, and puts the save at the end of the queue.
  ///
  /// The checkpointables are made after the policy has said yes and a slot is free.
  func begin(
    _ request: StepRequest, _ content: StepContent, isAwaited: Bool = false
  ) async throws(CoppiceError) -> SaveStart {
    if let members {
      return try await begin(request, content, isAwaited: isAwaited, by: members)
    }
    try throwFailure()
    // The policy is asked before waiting, because it may skip a step that would have to wait.
    let decision = try decide(request)
    if case .skip(let reason) = decision { return .skipped(reason) }
    try await slots.take()
    do throws(CoppiceError) {
      // The save that held the slot may have failed.
      try throwFailure()
      let start = try await begin(request, content, decision, isAwaited: isAwaited)
      if case .skipped = start { slots.giveBack() }
      return start
    } catch {
      slots.giveBack()
      throw error
    }
  }

  /// Makes the checkpointables of a save that has a slot, and puts the save at the end of the
  /// queue.
  private func begin(
    _ request: StepRequest, _ content: StepContent, _ first: Decision, isAwaited: Bool
  ) async throws(CoppiceError) -> SaveStart {
    var decision = first
    var made: [NamedCheckpointable]?
    while true {
      switch decision {
      case .skip(let reason): return .skipped(reason)
      // The policy is user code, so it was asked without the lock. Waiting and making the
      // checkpointables take time as well: if the state has changed meanwhile, decide again.
      case .save(let name, let generation) where state.withLock(\.generation) == generation:
        let items: [NamedCheckpointable]
        if let made {
          items = made
        } else {
          items = try await content.checkpointables(options.handlers)
        }
        made = items
        let save = enqueue(request, name, generation) { (info, number) in
          StepSave(info, number, on: queue, isAwaited: isAwaited) {
            (monitor, outcome) throws(CoppiceError) in
            try self.run(request, items, info, monitor, outcome)
          }
        }
        if let save {
          // The queue is serial: when it frees the slot, the save has ended for holders of its handle too.
          queue.async { self.slots.giveBack() }
          return .started(save)
        }
      case .save: break
      }
      decision = try decide(request)
    }
  }

  /// Puts a save at the end of the queue; returns `nil` if the state has changed since the
  /// decision.
  ///
  /// - Parameters:
  ///   - generation: That of the decision; `nil` where rank 0 has decided.
  ///   - make: Makes the save, given what is known of the step and the number of the save.
  func enqueue(
    _ request: StepRequest, _ name: String, _ generation: Int?,
    _ make: (CheckpointInfo, Int) -> StepSave
  ) -> StepSave? {
    state.withLock { state in
      guard generation == nil || state.generation == generation else { return nil }
      state.generation &+= 1
      state.saveCount += 1
      let info = CheckpointInfo(
        step: request.step, name: name, metrics: request.metrics, custom: request.options.custom,
        initTime: .now)
      let save = make(info, state.saveCount)
      state.pending.append(save)
      return save
    }
  }

  /// Runs a save on the queue.
  private func run(
    _ request: StepRequest, _ items: [NamedCheckpointable], _ pending: CheckpointInfo,
    _ monitor: OperationMonitor, _ outcome: StepSave.Outcome
  ) throws(CoppiceError) {
    let result = Result { () throws(CoppiceError) in
      let deadline = options.timeout.map { SaveDeadline($0, monitor, root(pending.name)) }
      defer { deadline?.end() }
      try monitor.checkCancellation()
      try root.write(
        request, items, named: pending.name, settingAside: faulty(request.step), monitor: monitor)
      deadline?.end()
      try complete(request, pending.name, outcome)
    }
    end(result, outcome)
    try result.get()
  }

  /// Returns the faulty step that gives way to a new one.
  func faulty(_ step: Int) -> CheckpointInfo? {
    state.withLock { $0.listing[step] }.flatMap { $0.fault == nil ? nil : $0 }
  }

  /// Takes a committed step into the list, and deletes the steps that needn't stay.
  func complete(
    _ request: StepRequest, _ name: String, _ outcome: StepSave.Outcome
  ) throws(CoppiceError) {
    let info = root.written(request, named: name)
    outcome.info.withLock { $0 = info }
    state.withLock { state in
      state.listing.insert(info)
      state.generation &+= 1
    }
    try notify(info)
    if request.options.overwriting == .stepAndLater {
      for later in checkpoints.reversed() where later.step > info.step { retire(later) }
    }
    preserve()
  }

  /// Takes a save out of the queue, and keeps its error for the next call.
  func end(_ result: Result<Void, CoppiceError>, _ outcome: StepSave.Outcome) {
    state.withLock { state in
      state.pending.removeAll { $0.outcome === outcome }
      state.generation &+= 1
      if case .failure(let error) = result, error.code != .operationCancelled {
        state.failures.append((outcome, error))
      }
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
