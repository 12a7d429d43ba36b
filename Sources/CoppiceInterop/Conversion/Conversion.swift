import Coppice
package import CoppiceModel
import CoppiceStorage
import FileAccess
package import SystemPackage

/// Carries a checkpoint over from any readable format to any writable one.
///
/// Array data stream through: memory is bounded by the pieces of the writer and what decoding takes,
/// whatever the size of the checkpoint (see `BlockWriter` and `ReadLimits.workingMemory`).
package enum Conversion {
  /// Converts.
  ///
  /// - Parameter warn: Told what was odd yet tolerated in each checkpoint that is opened on the way.
  /// - Returns: What could not be carried over exactly.
  /// - Throws: `usage.*`, `operation.*`, `io.*`, and what readers and writers throw. Nothing lies at
  ///   the target then that wasn't there before.
  package static func run(
    _ input: CheckpointInput, to target: FilePath, options: ConversionOptions,
    monitor: OperationMonitor, warn: ([CoppiceError]) -> Void = { _ in }
  ) throws(CoppiceError) -> [ConversionNote] {
    switch input {
    case .checkpoint(let contents):
      guard options.step == nil || contents.step.map({ options.step == .number($0) }) ?? false
      else {
        throw CoppiceError(.usageChoice, "the source is one checkpoint; leave --step out")
      }
      return try convert(contents, to: target, options, monitor)
    case .steps(let steps):
      if let choice = options.step {
        let contents = try choice.find(in: steps).open()
        warn(contents.warnings)
        return try convert(contents, to: target, options, monitor)
      }
      guard options.target == .coppice else {
        throw CoppiceError(
          .usageChoice,
          "\(options.target.rawValue) has no runs of steps; choose one with --step N or --step latest"
        )
      }
      try StepsWriter.write(steps, to: target, options: writing(options), monitor: monitor) {
        (contents) throws(CoppiceError) in
        warn(contents.warnings)
        return try options.transform.apply(to: contents)
      }
      return []
    }
  }

  private static func convert(
    _ contents: CheckpointContents, to target: FilePath, _ options: ConversionOptions,
    _ monitor: OperationMonitor
  ) throws(CoppiceError) -> [ConversionNote] {
    let contents = try options.transform.apply(to: contents)
    switch options.target {
    case .coppice:
      try CheckpointWriter.write(contents, to: target, options: writing(options), monitor: monitor)
      return []
    case .safetensors:
      return try SafetensorsConversion.write(contents, to: target, options, monitor)
    }
  }

  private static func writing(_ options: ConversionOptions) -> WriteOptions {
    var writing = options.writing
    writing.tree.maximumFileBytes = options.maximumFileBytes
    return writing
  }
}
