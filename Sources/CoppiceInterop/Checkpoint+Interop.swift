public import Coppice
import CoppiceFiles
public import CoppiceModel

extension Checkpoint {
  /// Converts a checkpoint or run from any format to any other.
  ///
  /// The target appears whole or not at all; after an error it is unchanged. Array data are streamed:
  /// memory is limited to pieces and the readers' working memory, whatever the size.
  ///
  /// - Parameters:
  ///   - path: The source.
  ///   - target: The path of the result.
  ///   - options: The format of the result, and the changes on the way.
  ///   - monitor: Reports the progress, and cancels.
  /// - Returns: Notes about everything that could not be carried over exactly.
  /// - Throws: `usage.*`, `operation.*`, `io.*`, `conversion.inexact`, and the errors of readers and
  ///   writers; one error sums up all faults of a damaged source.
  @discardableResult
  public static func convert(
    _ path: some FilePathConvertible, to target: some FilePathConvertible,
    options: ConversionOptions = ConversionOptions(),
    monitor: OperationMonitor = OperationMonitor()
  ) async throws(CoppiceError) -> ConversionReport {
    let (path, target) = (path.filePath, target.filePath)
    return try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      let input = try options.open(path)
      return try Conversion.run(
        input, to: target, options: options, monitor: monitor, warn: options.opening.warn)
    }
  }

  /// Converts a checkpoint or run that is open.
  ///
  /// - Throws: The errors of the conversion of a path, without those of opening it.
  @discardableResult
  public static func convert(
    _ input: CheckpointInput, to target: some FilePathConvertible,
    options: ConversionOptions = ConversionOptions(),
    monitor: OperationMonitor = OperationMonitor()
  ) async throws(CoppiceError) -> ConversionReport {
    let target = target.filePath
    return try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      try Conversion.run(
        input, to: target, options: options, monitor: monitor, warn: options.opening.warn)
    }
  }

  /// Converts a checkpoint or run by all ranks of a group, which divide its arrays among them.
  ///
  /// All ranks call this with the same arguments. Where the format is Coppice's or one of Orbax's, each rank reads and
  /// writes a share of the bytes; any other format is written by rank 0, with a note of the kind `division`. The result
  /// equals that of one process; large arrays are stored in several boxes. The target appears whole or not at all.
  ///
  /// - Parameters:
  ///   - path: The source, on a file system that all ranks share.
  ///   - target: The path of the result, on such a file system; that of rank 0 counts.
  ///   - options: The format of the result, and the changes on the way.
  ///   - group: The ranks that convert.
  ///   - waitLimit: The longest silence of a rank: ranks that work tell about it.
  ///   - monitor: Reports the progress, that of all ranks on rank 0, and cancels on all ranks.
  /// - Returns: The report, which says on rank 0 what was replaced.
  /// - Throws: On all ranks the same: the errors of a conversion by one process, with the ranks that failed unless the
  ///   source is damaged; `structure.mismatch` naming ranks that read another source; `operation.absent-rank` and
  ///   `operation.broken-group`.
  @discardableResult
  public static func convert(
    _ path: some FilePathConvertible, to target: some FilePathConvertible,
    options: ConversionOptions = ConversionOptions(), group: any ProcessGroup,
    waitLimit: Duration = defaultGroupWait, monitor: OperationMonitor = OperationMonitor()
  ) async throws(CoppiceError) -> ConversionReport {
    let path = path.filePath
    guard group.count > 1 else {
      return try await convert(path, to: target, options: options, monitor: monitor)
    }
    return try await GroupConversion(
      to: target.filePath, options: options, group: group, waitLimit: waitLimit, monitor: monitor
    ).run { () throws(CoppiceError) in try options.open(path) }
  }

  /// Converts a checkpoint or run that each rank of a group has opened.
  ///
  /// - Throws: The errors of the conversion of a path by a group, without those of opening it.
  @discardableResult
  public static func convert(
    _ input: CheckpointInput, to target: some FilePathConvertible,
    options: ConversionOptions = ConversionOptions(), group: any ProcessGroup,
    waitLimit: Duration = defaultGroupWait, monitor: OperationMonitor = OperationMonitor()
  ) async throws(CoppiceError) -> ConversionReport {
    guard group.count > 1 else {
      return try await convert(input, to: target, options: options, monitor: monitor)
    }
    return try await GroupConversion(
      to: target.filePath, options: options, group: group, waitLimit: waitLimit, monitor: monitor
    ).run { () throws(CoppiceError) in input }
  }

  /// Returns the plan of a conversion of a checkpoint or run that is open.
  ///
  /// - Throws: The errors of `convert` that can be known without writing.
  public static func conversionPlan(
    _ input: CheckpointInput, to target: some FilePathConvertible,
    options: ConversionOptions = ConversionOptions(),
    monitor: OperationMonitor = OperationMonitor()
  ) async throws(CoppiceError) -> ConversionReport {
    let target = target.filePath
    return try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      try Conversion.plan(
        input, to: target, options: options, monitor: monitor, warn: options.opening.warn)
    }
  }

  /// Returns the plan of a conversion: its outputs and its notes, without writing anything.
  ///
  /// - Throws: The errors of `convert` that can be known without writing.
  public static func conversionPlan(
    _ path: some FilePathConvertible, to target: some FilePathConvertible,
    options: ConversionOptions = ConversionOptions(),
    monitor: OperationMonitor = OperationMonitor()
  ) async throws(CoppiceError) -> ConversionReport {
    let (path, target) = (path.filePath, target.filePath)
    return try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      let input = try options.open(path)
      return try Conversion.plan(
        input, to: target, options: options, monitor: monitor, warn: options.opening.warn)
    }
  }

  /// Compares two checkpoints or two runs, of any formats.
  ///
  /// Elements of both sides are read in step, several arrays at once, piece by piece.
  ///
  /// - Parameters:
  ///   - a: The first checkpoint, as an address: `PATH[:name[/tree/path]]`.
  ///   - b: The second checkpoint, likewise.
  ///   - options: The tolerance, and the things that are compared.
  ///   - opening: The formats to try, and the limits of reading.
  ///   - monitor: Reports the progress, and cancels.
  /// - Returns: The differences, in the order of the trees.
  /// - Throws: The errors of reading, which name the side; `usage.*` when the two can't be paired;
  ///   `operation.cancelled`.
  public static func diff(
    _ a: String, _ b: String, options: ComparisonOptions = ComparisonOptions(),
    opening: OpenOptions = OpenOptions(formats: .all),
    monitor: OperationMonitor = OperationMonitor()
  ) async throws(CoppiceError) -> ComparisonResult {
    try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      let (left, right) = (CheckpointAddress(a), CheckpointAddress(b))
      let first = try left.open(step: options.stepA, named: "stepA", opening)
      let second = try right.open(step: options.stepB, named: "stepB", opening)
      switch (first, second) {
      case (.checkpoint(let x), .checkpoint(let y)):
        let result = try Comparison.run(
          left, in: x, right, in: y, options: options, monitor: monitor)
        opening.warn(x.allWarnings + y.allWarnings)
        return result
      case (.steps(let x), .steps(let y)):
        guard left.isWhole, right.isWhole else {
          throw CoppiceError(
            .usageChoice,
            "runs are compared as a whole, their nodes step by step: choose steps "
              + "(`stepA`, `stepB`)")
        }
        opening.warn(x.warnings + y.warnings)
        return try Comparison.run(
          x, y, options: options, names: (left.path.string, right.path.string), monitor: monitor)
      case (.steps, _):
        throw CoppiceError(.usageChoice, "the first is a run; choose a step of it (`stepA`)")
      case (_, .steps):
        throw CoppiceError(.usageChoice, "the second is a run; choose a step of it (`stepB`)")
      }
    }
  }
}

extension CheckpointAddress {
  /// Opens the checkpoint or run around the address; errors name it.
  fileprivate func open(
    step: StepChoice?, _ opening: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput {
    try naming { () throws(CoppiceError) in
      try CheckpointOpener.open(path, options: opening).narrowed(to: step, opening)
    }
  }
}

extension ConversionOptions {
  /// Opens the source of a conversion.
  ///
  /// Only single checkpoints are salvaged, since a run leaves out whole steps.
  package func open(_ path: FilePath) throws(CoppiceError) -> CheckpointInput {
    var salvaging = opening
    salvaging.salvages = salvages
    var input = try CheckpointOpener.open(path, options: salvaging)
    if case .steps(let run) = input, step?.isRun ?? true {
      if salvages { input = try CheckpointOpener.open(path, options: opening) }
      // A step that is chosen brings the warnings of its run.
      opening.warn(run.warnings)
    }
    return input
  }
}

extension CheckpointAddress {
  /// Opens one side of a comparison; errors name its own option for the step.
  fileprivate func open(
    step: StepChoice?, named name: String, _ opening: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput {
    do throws(CoppiceError) {
      return try open(step: step, opening)
    } catch {
      throw error.reworded { $0.replacing("`step`", with: "`\(name)`") }
    }
  }
}
