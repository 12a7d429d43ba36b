package import CoppiceFiles
import CoppiceFormat
package import CoppiceModel
package import CoppiceStorage

/// The reader of runs of Coppice's own format.
package enum RunReader {
  /// Opens a run: a directory whose subdirectories are checkpoints of this format.
  ///
  /// - Returns: The run; `nil` when the directory isn't one.
  /// - Throws: `directory.duplicate-step`; the fault of the run's own document; `io.*`.
  package static func open(
    _ directory: DirectoryHandle, options: ReadOptions = ReadOptions()
  ) throws(CoppiceError) -> CheckpointRun? {
    let listing = try StepListing(directory, limits: options.limits)
    guard listing.isRoot else { return nil }
    var warnings = listing.warnings
    var metadata: JSON?
    if listing.isMarked {
      let document = try RunDocument(in: directory, limits: options.limits)
      metadata = document.metadata
      warnings += document.warnings
    }
    if let fault = listing.duplicates.first { throw fault }
    let steps = listing.steps.map { step in
      // A step is opened only when a caller asks: a run may have more steps than a process may open
      // files.
      let (number, name, fault) = (step.number, step.name, step.fault)
      return CheckpointRun.Step(number: number, name: name) {
        fault
      } open: { () throws(CoppiceError) in
        if let fault, step.document == nil { throw fault }
        var contents = try CheckpointReader.open(
          try directory.checkpoint(name), options: options)
        contents.step = contents.step ?? number
        return contents
      }
    }
    var found = CheckpointRun(
      format: CheckpointReader.formatName, steps: steps, rootMetadata: metadata)
    found.warnings = warnings
    return found
  }
}
