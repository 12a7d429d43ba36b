import CoppiceFiles
import CoppiceFormat
public import CoppiceModel
import Synchronization

extension Checkpointer {
  /// Deletes a step, whatever the policy says, once the saves before it are done.
  ///
  /// The step is moved instead where `CheckpointerOptions.deletion` says so.
  ///
  /// - Parameters:
  ///   - step: The step's number.
  ///   - missingOK: Whether it is fine that there is no such step.
  /// - Throws: `usage.no-such-part` with the steps that there are; `operation.in-use` when it is being
  ///   read; `usage.read-only`, `usage.closed`, `io.*`.
  public func delete(step: Int, missingOK: Bool = false) async throws(CoppiceError) {
    try checkWriting()
    try await BlockingWork.run(OperationMonitor(), on: queue) { () throws(CoppiceError) in
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

  /// Deletes one part of a step, once the saves before it are done; the others stay loadable at every
  /// moment.
  ///
  /// - Throws: `usage.no-such-part` with the steps or names that there are; `usage.read-only`,
  ///   `usage.closed`; otherwise as `Checkpoint.deleteCheckpointable`.
  public func deleteCheckpointable(
    _ name: String, step: Int, missingOK: Bool = false
  ) async throws(CoppiceError) {
    try checkWriting()
    try await BlockingWork.run(OperationMonitor(), on: queue) { () throws(CoppiceError) in
      let info = try self.find(step)
      let directory = try DirectoryHandle(opening: self.root(info.name))
      try CheckpointableRemoval(of: name, from: directory).run(missingOK: missingOK)
    }
  }

  /// Deletes what the policy doesn't keep: on the queue, after a commit.
  ///
  /// What is being read is left for the next time.
  func preserve() {
    // What is faulty may yet be repaired: it doesn't count, and it isn't deleted.
    let infos = checkpoints.filter { $0.fault == nil }
    var kept = options.preservation.preserved(among: infos)
    // Never the last good one.
    if let last = infos.last, !infos.contains(where: { kept.contains($0.step) }) {
      kept.insert(last.step)
    }
    for info in infos where !kept.contains(info.step) { retire(info) }
  }

  /// Deletes a step, or says why it can't be.
  func retire(_ info: CheckpointInfo) {
    do throws(CoppiceError) {
      _ = try root.remove(info)
    } catch {
      options.onWarning?(error)
    }
    if !StagedOutput.exists(root(info.name)) { forget(info) }
  }

  private func forget(_ info: CheckpointInfo) {
    state.withLock { state in
      state.listing.remove(info.step)
      state.generation &+= 1
    }
  }

  /// Returns the step of a number, or the latest one.
  ///
  /// - Throws: `usage.no-such-part` with the steps present; the fault of the last step where all are
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
      .usageNoSuchPart,
      numbers.isEmpty
        ? "the run has no steps"
        : "there is no step \(step.map(String.init) ?? ""); there are \(numbers)",
      at: .init(file: directory.string))
  }
}
