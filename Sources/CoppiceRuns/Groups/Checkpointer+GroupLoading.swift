import CoppiceCore
public import CoppiceModel
import CoppiceProcessGroup
import Synchronization

extension Checkpointer {
  /// Loads one tree of a step by all ranks of a group: each gets the boxes that it requests, and reads nothing else.
  ///
  /// - Parameters:
  ///   - step: The step; the latest one of rank 0 when `nil`.
  ///   - name: The name of the tree; `nil` takes the one that a load by one process takes.
  ///   - request: The request of this rank for each leaf; a value takes the place of a value.
  ///   - options: The treatment of differences between the request and the saved tree; `nil` takes
  ///     `CheckpointerOptions.loading`.
  ///   - fallback: The choice of what to do when the step is damaged on any rank; `nil` takes
  ///     `CheckpointerOptions.fallback`.
  /// - Returns: The tree, with the boxes of this rank.
  /// - Throws: `usage.choice` when the run wasn't opened with a group; `usage.device`; otherwise as loading a tree of
  ///   arrays, with the ranks that failed.
  public func load(
    step: Int? = nil, name: String? = nil, as request: Tree<GlobalRequest>,
    options: TreeLoadOptions? = nil, fallback: StepFallback? = nil
  ) async throws(CoppiceError) -> Tree<GlobalArray> {
    guard let members else {
      throw CoppiceError(
        .usageChoice, "boxes are loaded by a group: open the run with `group:`",
        at: .init(file: directory.string))
    }
    let (loading, opening) = (options ?? self.options.loading, self.options.opening)
    return try await load(step, fallback, by: members) { (info) throws(CoppiceError) in
      try await Checkpoint.load(
        from: root(info.name), name: name, as: request, options: loading, opening: opening,
        group: members.ranks, waitLimit: members.waitLimit)
    }
  }

  /// Loads a step by all ranks: rank 0 chooses the step, and holds it until all have loaded.
  ///
  /// If the step is damaged on any rank, all load an older one if the fallback allows it.
  ///
  /// - Parameter load: Loads a step by all ranks, or throws the same error on all.
  func load<Value>(
    _ step: Int?, _ fallback: StepFallback?, by members: RunGroup,
    _ load: (CheckpointInfo) async throws(CoppiceError) -> Value
  ) async throws(CoppiceError) -> Value {
    let fallback = fallback ?? options.fallback
    var wanted = step
    while true {
      var tried: CheckpointInfo?
      do throws(CoppiceError) {
        let (info, held) = try await choose(wanted, members)
        tried = info
        defer { withExtendedLifetime(held) {} }
        return try await load(info)
      } catch {
        guard fallback == .olderStep, error.isDamage else { throw error }
        let damaged = if let tried { tried } else { try find(wanted) }
        wanted = try self.step(before: damaged, fallback, after: error)
      }
    }
  }

  /// Has rank 0 choose a step and open it, so that nothing deletes it.
  private func choose(
    _ step: Int?, _ members: RunGroup
  ) async throws(CoppiceError) -> (CheckpointInfo, OpenedStep?) {
    let held = Mutex<OpenedStep?>(nil)
    let name = "load \(step.map(String.init) ?? "latest")/step"
    let answer = try await share(members, named: name) { () throws(CoppiceError) in
      let opened = try self.opened(step, isForAll: true).step
      held.withLock { $0 = opened }
      var writer = MessageWriter()
      writer.write(opened.info.step)
      return writer.bytes
    }
    var reader = MessageReader(answer)
    guard let number = reader.integer() else { throw RunGroup.malformed }
    return (try find(number), held.withLock(\.self))
  }
}

extension RunGroup {
  /// Loads a step on each rank; if any failed, all throw the same error.
  nonisolated(nonsending) func agree<Value>(
    on info: CheckpointInfo, _ load: nonisolated(nonsending) () async throws(CoppiceError) -> Value
  ) async throws(CoppiceError) -> Value {
    try await ranks.agree(named: "load \(info.name)", within: waitLimit, load)
  }
}
