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
      try Conversion.run(
        try options.open(path), to: target, options: options, monitor: monitor)
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
      try Conversion.plan(
        try options.open(path), to: target, options: options, monitor: monitor)
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
      let first = try left.naming { () throws(CoppiceError) in
        try CheckpointOpener.open(left.path, options: opening)
      }
      let second = try right.naming { () throws(CoppiceError) in
        try CheckpointOpener.open(right.path, options: opening)
      }
      switch (first, second) {
      case (.checkpoint(let x), .checkpoint(let y)):
        return try Comparison.run(left, in: x, right, in: y, options: options, monitor: monitor)
      case (.steps(let x), .steps(let y)) where left.isWhole && right.isWhole:
        return try Comparison.run(
          x, y, options: options, names: (left.path.string, right.path.string), monitor: monitor)
      default:
        throw CoppiceError(
          .usageChoice, "a run is compared with a run as a whole; give the path of one step")
      }
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
    let input = try CheckpointOpener.open(path, options: salvaging)
    guard salvages, case .steps = input, step == nil else { return input }
    return try CheckpointOpener.open(path, options: opening)
  }
}
