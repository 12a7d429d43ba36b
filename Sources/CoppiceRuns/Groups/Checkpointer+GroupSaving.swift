import CoppiceCore
public import CoppiceModel
import CoppiceProcessGroup
import Synchronization

extension Checkpointer {
  /// Saves a tree whose arrays lie on the ranks of a group as a step if the policy says so, and returns when the step is
  /// committed.
  ///
  /// - Returns: The description of the step, or the reason why the policy skipped it; the same on all ranks.
  /// - Throws: `usage.choice` when the run wasn't opened with a group; otherwise as saving a tree of arrays, and as
  ///   `Checkpoint.save` by a group.
  public func save(
    step: Int, _ tree: Tree<GlobalArray>, metrics: JSON? = nil,
    options: StepOptions = StepOptions()
  ) async throws(CoppiceError) -> SaveResult {
    try await save(StepRequest(step: step, metrics: metrics, options: options), .global(tree))
  }

  /// Begins to save a tree whose arrays lie on the ranks of a group as a step if the policy says so.
  ///
  /// Arrays are shared, not copied. The call returns when all ranks have begun; the order of saves is the same on all.
  ///
  /// - Returns: The handle of the save, or the reason why the policy skipped the step; the same on all ranks.
  /// - Throws: `usage.choice` when the run wasn't opened with a group; otherwise as beginning to save a tree of arrays.
  public func saveAsync(
    step: Int, _ tree: Tree<GlobalArray>, metrics: JSON? = nil,
    options: StepOptions = StepOptions()
  ) async throws(CoppiceError) -> SaveStart {
    try await begin(StepRequest(step: step, metrics: metrics, options: options), .global(tree))
  }

  /// Returns on all ranks of a group whether the policy of rank 0 would save a step now.
  ///
  /// In a run of one process it is what `shouldSave(step:)` returns.
  ///
  /// - Throws: `operation.absent-rank` and the other errors of a group.
  public func allShouldSave(step: Int) async throws(CoppiceError) -> Bool {
    guard let members else { return shouldSave(step: step) }
    let answer = try await ask(members, "ask \(step)") { () throws(CoppiceError) in
      [self.shouldSave(step: step) ? 1 : 0]
    }
    return answer == [1]
  }
}

extension Checkpointer {
  /// Has rank 0 decide about a save, and puts the save at the end of the queue on all ranks.
  func begin(
    _ request: StepRequest, _ content: StepContent, isAwaited: Bool, by members: RunGroup
  ) async throws(CoppiceError) -> SaveStart {
    let name = "save \(request.step)"
    // The policy is asked before waiting, because it may skip a step that would have to wait.
    let first = try await ask(members, name + "/ask") { () throws(CoppiceError) in
      StepAnswer(try self.decide(request)).message
    }
    if case .skip(let reason) = try StepAnswer(first) { return .skipped(reason) }
    let taken = await take(content)
    do throws(CoppiceError) {
      let own = Mutex<StepSave?>(nil)
      // The save that held the slot may have failed.
      let answer = try await ask(members, name + "/start", unless: taken.error) {
        () throws(CoppiceError) in
        while true {
          switch try self.decide(request) {
          case .skip(let reason): return StepAnswer.skip(reason).message
          case .save(let name, let generation):
            let items = try taken.items.get()
            var number = 0
            let save = self.enqueue(request, name, generation) { (info, count) in
              number = count
              return self.save(request, items, info, count, members, isAwaited: isAwaited)
            }
            guard let save else { continue }
            own.withLock { $0 = save }
            return StepAnswer.save(name: name, number: number).message
          }
        }
      }
      switch try StepAnswer(answer) {
      case .skip(let reason):
        slots.giveBack()
        return .skipped(reason)
      case .save(let name, let number):
        let items = try taken.items.get()
        let save =
          own.withLock(\.self)
          ?? enqueue(request, name, nil) { (info, _) in
            self.save(request, items, info, number, members, isAwaited: isAwaited)
          }
        guard let save else { throw RunGroup.malformed }
        Task {
          await save.ended()
          slots.giveBack()
        }
        return .started(save)
      }
    } catch {
      if taken.hasSlot { slots.giveBack() }
      throw error
    }
  }

  /// Waits for a slot and takes the state of a step; all ranks hear of an error later.
  private func take(
    _ content: StepContent
  ) async -> (items: Result<[GroupItem], CoppiceError>, hasSlot: Bool, error: CoppiceError?) {
    var hasSlot = false
    do throws(CoppiceError) {
      try await slots.take()
      hasSlot = true
      return (.success(try await content.groupItems(options.handlers)), true, nil)
    } catch {
      return (.failure(error), hasSlot, error)
    }
  }

  /// Has rank 0 answer a question about saving.
  ///
  /// A preemption notice that was given on one rank is given on all.
  ///
  /// - Parameters:
  ///   - error: An error of this rank; all ranks then throw the first, naming the ranks that failed.
  ///   - answer: Called on rank 0.
  private func ask(
    _ members: RunGroup, _ name: String, unless error: CoppiceError? = nil,
    _ answer: @escaping @Sendable () throws(CoppiceError) -> [UInt8]
  ) async throws(CoppiceError) -> [UInt8] {
    let notice: UInt8 = options.preemption?.isGiven ?? false ? 1 : 0
    let own = [notice] + (error?.messageBytes ?? [])
    let found = try await report(to: members, name, own) { (reports) throws(CoppiceError) in
      if let verdict = Verdict(of: reports.map { Array($0.dropFirst()) }, in: members.ranks) {
        throw verdict.error
      }
      let notice: UInt8 = reports.contains { $0.first == 1 } ? 1 : 0
      if notice == 1 { self.options.preemption?.give() }
      let decision = try await members.ranks.byPrimary { () throws(CoppiceError) in
        // The policy is user code, and may take time.
        try await BlockingWork.run(OperationMonitor(), answer)
      }
      return [notice] + decision
    }
    if found.first == 1 { options.preemption?.give() }
    return Array(found.dropFirst())
  }

  /// Begins a save in the background, when its turn has come.
  private func save(
    _ request: StepRequest, _ items: [GroupItem], _ info: CheckpointInfo, _ number: Int,
    _ members: RunGroup, isAwaited: Bool
  ) -> StepSave {
    StepSave(info, number, isAwaited: isAwaited) { (monitor, outcome) async throws(CoppiceError) in
      await members.turns.wait(for: number)
      defer { members.turns.pass(number) }
      let result: Result<Void, CoppiceError>
      do throws(CoppiceError) {
        try await self.run(request, items, info.name, members, monitor, outcome)
        result = .success(())
      } catch {
        result = .failure(error)
      }
      self.end(result, outcome)
      try result.get()
    }
  }

  /// Saves a step by all ranks.
  private func run(
    _ request: StepRequest, _ items: [GroupItem], _ name: String, _ members: RunGroup,
    _ monitor: OperationMonitor, _ outcome: StepSave.Outcome
  ) async throws(CoppiceError) {
    let deadline = options.timeout.map { SaveDeadline($0, monitor, root(name)) }
    defer { deadline?.end() }
    let target = root.target(of: request, named: name, settingAside: faulty(request.step))
    try await GroupSave(
      group: members.ranks, target: target, options: root.saving(request),
      waitLimit: members.waitLimit, monitor: monitor
    ).run(items)
    deadline?.end()
    _ = try await share(members, named: "save \(name)/finish") { () throws(CoppiceError) in
      try self.complete(request, name, outcome)
      return []
    }
    let saved = state.withLock { $0.listing[request.step] }
    outcome.info.withLock { $0 = $0 ?? saved }
  }
}
