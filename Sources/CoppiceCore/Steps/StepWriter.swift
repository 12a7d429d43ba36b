import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import SystemPackage

/// The writer of single steps, which names their directories and records their numbers.
///
/// Spec: DIR-31, DIR-32, DIR-35.
package enum StepWriter {
  /// The greatest number that a step can have.
  package static let largestStep = (1 << 53) - 1

  /// Returns the name of a step's directory.
  ///
  /// - Throws: `usage.step` when no step can have this number or this name.
  package static func name(
    of step: Int, in format: StepNameFormat = .any
  ) throws(CoppiceError) -> String {
    guard (0...largestStep).contains(step) else {
      throw CoppiceError(.usageStep, "a step is from 0 to 2^53 − 1, not \(step)")
    }
    let name = format.name(of: step)
    guard StepName(name).number == step, format.accepts(step, named: name) else {
      throw CoppiceError(
        .usageStep,
        "the name \"\(name.printable)\" doesn't say step \(step): a name is the number alone, or "
          + "ends in \"_\" and the number")
    }
    // Names that begin with a dot are temporary ones. A temporary name is longer than the step's:
    // hence the limit below the system's 255 bytes.
    guard name.utf8.first != 0x2E, !name.utf8.contains(where: { $0 == 0x2F || $0 == 0 }),
      name.utf8.count <= 200
    else {
      throw CoppiceError(
        .usageStep, "\"\(name.printable)\" can't be the name of a step's directory")
    }
    return name
  }

  /// Writes all files of a step into an existing directory.
  package static func fill(
    _ directory: FilePath, with contents: CheckpointContents, step: Int, options: WriteOptions,
    monitor: OperationMonitor
  ) throws(CoppiceError) {
    var contents = contents
    contents.step = step
    try CheckpointWriter.fill(directory, with: contents, options: options, monitor: monitor)
  }

  /// Writes a step that appears whole or not at all.
  ///
  /// - Parameters:
  ///   - contents: The checkpoint.
  ///   - step: The number that the step records.
  ///   - path: The step's directory.
  ///   - options: The options of the writer.
  ///   - permissions: The mode of the step's directories; `nil` uses the umask.
  ///   - monitor: The write's progress and cancellation.
  ///   - prepare: A function that is called when all files are written, before the step takes its
  ///     name.
  /// - Throws: `operation.exists`, `operation.cancelled`, and the errors of writing a checkpoint.
  package static func write(
    _ contents: CheckpointContents, step: Int, to path: FilePath, options: WriteOptions,
    permissions: FilePermissions?, monitor: OperationMonitor,
    beforeCommit prepare: () throws(CoppiceError) -> Void = {}
  ) throws(CoppiceError) {
    let staged = try StagedOutput(.directory, for: path, replacing: options.isReplacing)
    defer { staged.discard() }
    try fill(staged.path, with: contents, step: step, options: options, monitor: monitor)
    if let permissions {
      try OutputDirectory.setPermissions(
        permissions, ofAllIn: staged.path, durability: options.durability)
    }
    try monitor.checkCancellation()
    try prepare()
    try staged.commit(durability: options.durability)
  }
}
