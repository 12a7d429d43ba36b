import CoppiceModel
import FileAccess
import SystemPackage

/// A step to be saved.
struct StepRequest: Sendable {
  var step: Int
  var items: [NamedCheckpointable]
  var metrics: JSON?
  var custom: JSON?
  var isForced: Bool
  var overwriting: Overwriting
}

extension StepRoot {
  /// Writes a step.
  ///
  /// - Parameter name: The name of the step's directory.
  /// - Throws: `operation.exists`, `operation.cancelled`, and what writing a checkpoint throws. The
  ///   root is as it was then.
  func write(
    _ request: StepRequest, named name: String, monitor: OperationMonitor
  ) throws(CoppiceError) -> CheckpointInfo {
    var saving = options.saving
    saving.target = request.overwriting == .none ? .new : .replacingExisting
    saving.metrics = request.metrics
    saving.custom = request.custom
    try StepWriter.write(
      saving.contents(request.items), step: request.step, to: self(name), options: saving.writing,
      permissions: options.permissions, monitor: monitor)
    // Read back for its times; the save itself is over.
    let directory = try? DirectoryHandle(opening: path)
    let found = directory.flatMap { try? StepListing.step(name, in: $0, limits: .standard) }
    return (found ?? nil).map(CheckpointInfo.init)
      ?? CheckpointInfo(
        step: request.step, name: name, metrics: request.metrics, custom: request.custom)
  }

  /// Deletes a step, or moves it away.
  ///
  /// - Returns: `false` when it is being read, and was left alone.
  /// - Throws: `io.*`.
  func remove(_ info: CheckpointInfo) throws(CoppiceError) -> Bool {
    switch options.deletion {
    case .remove: return try OutputDirectory.removeUnlessRead(self(info.name))
    case .move(let directory):
      let target = path.pushing(directory)
      if !StagedOutput.exists(target) {
        try OutputDirectory.create(target)
      }
      return try OutputDirectory.moveUnlessRead(self(info.name), into: target)
    }
  }
}
