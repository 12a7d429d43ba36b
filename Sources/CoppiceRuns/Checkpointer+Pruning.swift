import CoppiceFiles
public import CoppiceModel
import Synchronization
import SystemPackage

extension Checkpointer {
  /// Deletes the steps that a policy doesn't keep, after the saves queued before it.
  ///
  /// The call lists the run again, and deletes in ascending order, each step as `delete` does. Steps
  /// that another process saves meanwhile stay. As after a save, a faulty step stays, and so does the
  /// newest readable step unless the policy keeps another one.
  ///
  /// - Parameters:
  ///   - policy: The policy that chooses which steps stay.
  ///   - isDryRun: Whether nothing is deleted; the result then says what would be. A checkpointer
  ///     that is read only allows this.
  ///   - monitor: Cancels the rest of the deletions.
  /// - Returns: The steps that stayed and those that were deleted.
  /// - Throws: `usage.read-only`, `usage.closed`; `usage.choice` when the run has another format;
  ///   `operation.cancelled`, `io.*`. A deletion that fails is in the result.
  public func prune(
    keeping policy: PreservationPolicy, isDryRun: Bool = false,
    monitor: OperationMonitor = OperationMonitor()
  ) async throws(CoppiceError) -> PruneReport {
    if !isDryRun { try checkWriting() }
    try await reload()
    return try await BlockingWork.run(monitor, on: queue) { () throws(CoppiceError) in
      try self.pruned(keeping: policy, isDryRun: isDryRun, monitor)
    }
  }

  private func pruned(
    keeping policy: PreservationPolicy, isDryRun: Bool, _ monitor: OperationMonitor
  ) throws(CoppiceError) -> PruneReport {
    let listing = state.withLock(\.listing)
    if let format = listing.foreignFormat {
      throw CoppiceError(
        .usageChoice,
        "this is a run of \(format), and only runs of coppice can be pruned; use the library that wrote it",
        at: .init(file: directory.string))
    }
    var report = PruneReport()
    report.faulty = listing.infos.filter { $0.fault != nil }
    guard !listing.infos.isEmpty else { return report }
    let unkept = Set(listing.steps(notKeptBy: policy).map(\.step))
    let run = try DirectoryHandle(opening: directory, symlinks: options.opening.symlinks)
    for info in listing.infos where info.fault == nil {
      guard unkept.contains(info.step) else {
        report.kept.append(info)
        continue
      }
      try monitor.checkCancellation()
      let byteCount = try run.byteCount(below: info.name, freed: true)
      let reason = isDryRun ? nil : reasonToKeep(info, in: run)
      if let reason {
        report.survivors.append(.init(info: info, reason: reason))
      } else {
        report.deleted.append(.init(info: info, byteCount: byteCount))
      }
    }
    return report
  }

  /// Deletes a step unless it was saved anew since it was listed; returns the reason if it stays.
  private func reasonToKeep(_ info: CheckpointInfo, in run: DirectoryHandle) -> CoppiceError? {
    let path = root(info.name)
    do throws(CoppiceError) {
      let now = try StepListing.step(info.name, in: run, limits: options.opening.limits)
      if let now, CheckpointInfo(now).times != info.times {
        return CoppiceError(
          .operationInUse, "\(info) was saved anew while others were deleted; it stays",
          at: .init(file: path.string))
      }
      if try !root.remove(info), StagedOutput.exists(path) {
        return CoppiceError(
          .operationInUse, "\(info) is being read and stays; delete it later",
          at: .init(file: path.string))
      }
    } catch {
      // Another process may have deleted the step first.
      if StagedOutput.exists(path) { return error }
    }
    forget(info)
    return nil
  }
}

extension RunListing {
  /// Returns the steps that a policy doesn't keep.
  ///
  /// A faulty step may yet be repaired: the policy doesn't see it, and it isn't among the result. The
  /// newest readable step isn't either, unless another one stays.
  func steps(notKeptBy policy: PreservationPolicy) -> [CheckpointInfo] {
    let readable = infos.filter { $0.fault == nil }
    var kept = policy.preserved(among: readable)
    if let last = readable.last, !readable.contains(where: { kept.contains($0.step) }) {
      kept.insert(last.step)
    }
    return readable.filter { !kept.contains($0.step) }
  }
}

extension CheckpointInfo {
  /// The times of saving, which differ between two saves of the same step.
  fileprivate var times: [Timestamp?] { [initTime, commitTime] }
}
