package import CoppiceFiles
import CoppiceFormat
package import CoppiceModel
package import SystemPackage

/// The repair of a damaged checkpoint, which makes a valid copy; the damaged checkpoint is only
/// read.
///
/// A `tree.json` that is lost, damaged, or doesn't match its HDF5 files is rebuilt from these
/// files; a lost or damaged `coppice.json` is rebuilt from the directories. Array data are never
/// invented.
package enum CheckpointRepair {
  /// Repairs a checkpoint.
  ///
  /// - Parameters:
  ///   - target: The path of the copy, which must not exist; `nil` only reports.
  /// - Returns: The faults found, and the repair of each; nothing was written when `isRecoverable`
  ///   is false.
  /// - Throws: `repair.nothing-to-do` for a valid checkpoint, `operation.exists`, `io.*`,
  ///   `versioning.*` for a checkpoint that only a newer program reads.
  package static func run(
    _ source: DirectoryHandle, to target: FilePath?, options: RepairOptions = RepairOptions(),
    monitor: OperationMonitor = OperationMonitor()
  ) throws(CoppiceError) -> RepairReport {
    if let target {
      try Replacement.checkPlace(target, source: source.path)
      guard !StagedOutput.exists(target) else { throw Migration.alreadyExists(target) }
    }
    let faults = try Validator.run(
      source, level: .data, limits: options.limits, hdf5: options.hdf5, monitor: monitor
    ).filter { $0.severity == .error }.map(\.fault)
    guard !faults.isEmpty else {
      throw CoppiceError(.repairNothingToDo, "nothing to repair: the checkpoint is valid")
    }
    // A checkpoint of a newer version isn't damaged; this program just doesn't understand it.
    let newer: Set<CoppiceError.Code> = [.versioningFutureMajor, .versioningUnknownFeature]
    if let fault = faults.first(where: { newer.contains($0.code) }) { throw fault }

    var plan = RepairPlan(source, options: options, monitor: monitor, faults: faults)
    let root = try plan.make()
    guard let root, plan.report.isRecoverable, let target else { return plan.report }
    try write(plan, root, to: target, options, monitor)
    return plan.report
  }

  private static func write(
    _ plan: RepairPlan, _ root: RootDocument, to target: FilePath, _ options: RepairOptions,
    _ monitor: OperationMonitor
  ) throws(CoppiceError) {
    let staged = try StagedOutput(.directory, for: target, replacing: false)
    defer { staged.discard() }
    let durability = options.writing.durability
    try plan.output.write(into: staged.path, durability: durability, monitor: monitor)
    if durability == .durable { try OutputDirectory.sync(staged.path) }
    try OutputFile.create(
      staged.path.appending(RootDocument.fileName), holding: try root.encoded(),
      durability: durability)
    // Validate the copy, so that no invalid checkpoint is ever called repaired.
    let found = try Validator.run(
      try DirectoryHandle(opening: staged.path), level: .data, limits: options.limits,
      hdf5: options.hdf5, monitor: monitor)
    if let left = found.first(where: { $0.severity == .error }) {
      throw CoppiceError(
        .repairNotRecoverable,
        "the result would not be valid either: \(left.fault.message) [\(left.fault.code.rawValue)]",
        at: left.fault.location)
    }
    try monitor.checkCancellation()
    try staged.commit(durability: durability)
  }
}
