public import Coppice
public import CoppiceInterop
public import CoppiceModel

extension Checkpoint {
  /// Describes everything in a checkpoint or run, with a digest of each array.
  ///
  /// It is the description that conformance tests compare: the schema is that of the suite's
  /// `expected.json`. Arrays are read piece by piece.
  ///
  /// - Parameters:
  ///   - address: The checkpoint or run, or something inside: `PATH[:name[/tree/path]]`.
  ///   - step: The step of a run to describe, or a range of steps; without one, all are described.
  ///   - opening: The formats to try, the limits of reading, and whether leaves that no array can represent
  ///     are left out.
  ///   - monitor: Reports the progress, and cancels.
  ///   - onFault: Receives each fault, which the description notes in its place; without it, the first fault
  ///     is thrown.
  /// - Throws: The errors of reading; `usage.no-such-checkpointable`, `usage.no-such-step`,
  ///   `usage.tree-path`; `operation.cancelled`.
  public static func dump(
    _ address: String, step: StepChoice? = nil, opening: OpenOptions = OpenOptions(formats: .all),
    monitor: OperationMonitor = OperationMonitor(),
    onFault: (@Sendable (CoppiceError) -> Void)? = nil
  ) async throws(CoppiceError) -> JSON {
    try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      let address = CheckpointAddress(address)
      let input = try CheckpointOpener.open(address.path, options: opening)
        .narrowed(to: step, opening)
      if case .steps(let run) = input { opening.warn(run.warnings) }
      return try DumpBuilder(monitor: monitor, onFault: onFault).describe(input) {
        (contents) throws(CoppiceError) in
        let selected = try address.select(from: contents)
        guard opening.skipsUnsupported else { return selected }
        let (rest, omissions) = try Salvage.run(selected, scope: .unsupported, monitor: monitor)
        for omission in omissions { opening.onOmission?(omission) }
        return rest
      } warn: {
        opening.warn($0)
      }
    }
  }
}
