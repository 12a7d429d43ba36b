public import CoppiceModel
public import SystemPackage

extension CheckpointInput {
  /// Opens a checkpoint or run without reading array data.
  ///
  /// `Checkpoint.open` opens single checkpoints only.
  ///
  /// - Parameters:
  ///   - path: The checkpoint or run.
  ///   - step: The step of the run to open, or a range of steps, which is a run again; a faulty step is
  ///     never the latest or the best.
  ///   - opening: The formats to try, and the limits of reading. `onWarning` gets the warnings of the run
  ///     whose step was opened, and the faults of the steps that were passed over.
  /// - Throws: `io.not-found`, `format.unrecognized`; `usage.choice` for a step of what isn't a run;
  ///   `usage.no-such-step`; the errors of the format's reader.
  public static func open(
    _ path: FilePath, step: StepChoice? = nil, opening: OpenOptions = OpenOptions()
  ) async throws(CoppiceError) -> CheckpointInput {
    try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      try CheckpointOpener.open(path, options: opening).narrowed(to: step, opening)
    }
  }

  /// Returns the checkpoint of a step, the run of a range of steps, or the input itself when no step
  /// is chosen.
  ///
  /// - Throws: `usage.choice` for a step of what isn't a run; the errors of finding the step.
  package func narrowed(
    to choice: StepChoice?, _ opening: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput {
    guard let choice else { return self }
    guard case .steps(var run) = self else {
      throw CoppiceError(
        .usageChoice, "this is one checkpoint, not a run; leave `step` out")
    }
    let found = try choice.find(in: run) { opening.warn([$0]) }
    guard !choice.isRun, let step = found.first else {
      run.steps = found
      return .steps(run)
    }
    opening.warn(run.warnings)
    do throws(CoppiceError) {
      var contents = try step.open()
      contents.step = contents.step ?? step.number
      contents.sourcePath = run.sourcePath.map { FilePath($0).appending(step.name).string }
      return .checkpoint(contents)
    } catch {
      throw error.located(file: step.name)
    }
  }
}
