import CoppiceFiles
import CoppiceFormat
public import CoppiceModel
import Synchronization

extension Checkpointer {
  /// Deletes a step regardless of the policy, after the saves queued before it.
  ///
  /// The step is moved instead if `CheckpointerOptions.deletion` says so.
  ///
  /// - Parameters:
  ///   - step: The step's number.
  ///   - missingOK: Whether the call succeeds when there is no such step.
  /// - Throws: `usage.no-such-step` with the existing steps; `operation.in-use` when the step is
  ///   being read; `usage.read-only`, `usage.closed`, `io.*`.
  public func delete(step: Int, missingOK: Bool = false) async throws(CoppiceError) {
    try checkWriting()
    try await change(named: "delete \(step)") { () throws(CoppiceError) in
      if missingOK, self.state.withLock({ $0.listing[step] }) == nil { return }
      let info = try self.find(step)
      guard try !self.root.remove(info), StagedOutput.exists(self.root(info.name)) else {
        return self.forget(info)
      }
      throw CoppiceError(
        .operationInUse, "\(info) is being read; delete it later",
        at: .init(file: self.root(info.name).string))
    }
  }

  /// Deletes one checkpointable of a step, after the saves queued before it.
  ///
  /// The other checkpointables stay loadable at every moment.
  ///
  /// - Throws: `usage.no-such-step` and `usage.no-such-checkpointable` with what is there; `usage.read-only`,
  ///   `usage.closed`; otherwise as `Checkpoint.deleteCheckpointable`.
  public func deleteCheckpointable(
    _ name: String, step: Int, missingOK: Bool = false
  ) async throws(CoppiceError) {
    try checkWriting()
    try await change(named: "delete \(step)/\(name.printable)") { () throws(CoppiceError) in
      let info = try self.find(step)
      let directory = try DirectoryHandle(opening: self.root(info.name))
      try CheckpointableRemoval(of: name, from: directory).run(missingOK: missingOK)
    }
  }

  /// Deletes the steps that the policy doesn't keep; runs on the queue after each commit.
  ///
  /// A step that is being read stays until the next call.
  func preserve() {
    let listing = state.withLock(\.listing)
    for info in listing.steps(notKeptBy: options.preservation) { retire(info) }
  }

  /// Deletes a step, and reports a failure to `CheckpointerOptions.onWarning`.
  func retire(_ info: CheckpointInfo) {
    do throws(CoppiceError) {
      _ = try root.remove(info)
    } catch {
      options.onWarning?(error)
    }
    if !StagedOutput.exists(root(info.name)) { forget(info) }
  }

  func forget(_ info: CheckpointInfo) {
    state.withLock { state in
      state.listing.remove(info.step)
      state.generation &+= 1
    }
  }

  /// Returns the step with a number, or the latest step.
  ///
  /// - Throws: `usage.no-such-step` with the existing steps; the fault of the last step if all are
  ///   faulty.
  func find(_ step: Int?) throws(CoppiceError) -> CheckpointInfo {
    let listing = state.withLock(\.listing)
    if let found = step.map({ listing[$0] }) ?? listing.latest { return found }
    if step == nil, let last = listing.infos.last, var fault = last.fault {
      fault.message = "all steps of the run are faulty; the last: " + fault.message
      throw fault.located(file: root(last.name).string)
    }
    let numbers = StepChoice.list(listing.infos.map(\.step))
    throw CoppiceError(
      .usageNoSuchStep,
      numbers.isEmpty
        ? "the run has no steps"
        : "there is no step \(step.map(String.init) ?? ""); there are \(numbers)",
      at: .init(file: directory.string))
  }
}
