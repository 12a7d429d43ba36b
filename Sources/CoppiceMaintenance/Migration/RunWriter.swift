import CoppiceFiles
import CoppiceFormat
package import CoppiceModel
package import SystemPackage

/// A writer of runs, which makes all steps of a run appear at once.
package enum RunWriter {
  /// Writes all steps of a run below a path.
  ///
  /// - Parameter transform: A function applied to the contents of each step.
  /// - Throws: As `CheckpointWriter.write`.
  package static func write(
    _ steps: CheckpointRun, to path: FilePath, options: WriteOptions = WriteOptions(),
    monitor: OperationMonitor = OperationMonitor(),
    transform: (CheckpointContents) throws(CoppiceError) -> CheckpointContents
  ) throws(CoppiceError) {
    let staged = try StagedOutput(.directory, for: path, replacing: options.isReplacing)
    defer { staged.discard() }
    for step in steps.steps {
      let directory = staged.path.appending(try StepWriter.name(of: step.number))
      try OutputDirectory.create(directory)
      let contents = try transform(try step.open())
      try StepWriter.fill(
        directory, with: contents, step: step.number, options: options, monitor: monitor)
      if options.durability == .durable { try OutputDirectory.sync(directory) }
    }
    let document = RunDocument(metadata: steps.rootMetadata ?? .object([]))
    try OutputFile.create(
      staged.path.appending(RunDocument.fileName), holding: try document.encoded(),
      durability: options.durability)
    try monitor.checkCancellation()
    try staged.commit(durability: options.durability)
  }
}
