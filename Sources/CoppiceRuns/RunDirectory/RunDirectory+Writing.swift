import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import SystemPackage

/// A request to save a step.
struct StepRequest: Sendable {
  var step: Int
  var metrics: JSON?
  var options: StepOptions
}

extension RunDirectory {
  /// Writes a step.
  ///
  /// - Parameters:
  ///   - items: The checkpointables.
  ///   - name: The name of the step's directory.
  ///   - faulty: The faulty step with that name, which is set aside.
  /// - Throws: `operation.exists`, `operation.cancelled`, and the errors of writing a checkpoint.
  ///   The run is then unchanged.
  func write(
    _ request: StepRequest, _ items: [NamedCheckpointable], named name: String,
    settingAside faulty: CheckpointInfo?, monitor: OperationMonitor
  ) throws(CoppiceError) {
    var writing = try options.storage.writing()
    writing.isReplacing = isReplacing(request, faulty)
    try StepWriter.write(
      try saving(request).contents(items), step: request.step, to: self(name), options: writing,
      permissions: options.permissions, monitor: monitor
    ) { () throws(CoppiceError) in
      try giveWay(request, faulty)
    }
  }

  /// Returns the target of a step that a group saves; to be called on rank 0.
  ///
  /// - Parameters:
  ///   - name: The name of the step's directory.
  ///   - faulty: The faulty step with that name, which is set aside.
  func target(
    of request: StepRequest, named name: String, settingAside faulty: CheckpointInfo?
  ) -> GroupTarget {
    GroupTarget(self(name), isReplacing: isReplacing(request, faulty)) {
      (directory) throws(CoppiceError) in
      if let permissions = options.permissions {
        try OutputDirectory.setPermissions(
          permissions, ofAllIn: directory, durability: options.storage.durability)
      }
      try giveWay(request, faulty)
    }
  }

  /// Returns the options of a checkpoint that is a step.
  func saving(_ request: StepRequest) -> SaveOptions {
    SaveOptions(
      step: request.step, metrics: request.metrics, custom: request.options.custom,
      storage: options.storage)
  }

  private func isReplacing(_ request: StepRequest, _ faulty: CheckpointInfo?) -> Bool {
    request.options.overwriting != .never || faulty != nil
  }

  /// Makes room for a new step where there is a faulty one.
  private func giveWay(_ request: StepRequest, _ faulty: CheckpointInfo?) throws(CoppiceError) {
    if request.options.overwriting == .never, let faulty { try setAside(faulty) }
  }

  /// Returns the description of a step that was just written.
  func written(_ request: StepRequest, named name: String) -> CheckpointInfo {
    // The step is read back for its times; a failure here doesn't matter, since the save has
    // succeeded.
    let directory = try? DirectoryHandle(opening: path)
    let found = directory.flatMap { try? StepListing.step(name, in: $0, limits: .standard) }
    return (found ?? nil).map(CheckpointInfo.init)
      ?? CheckpointInfo(
        step: request.step, name: name, metrics: request.metrics, custom: request.options.custom)
  }

  /// Renames a faulty step to a name that is no step name, so that its data can still be recovered.
  private func setAside(_ info: CheckpointInfo) throws(CoppiceError) {
    let stem = info.name + ".damaged"
    var name = stem
    // The name may not end in digits: it would be a step name again.
    while StagedOutput.exists(self(name)) { name += "+" }
    try OutputDirectory.rename(self(info.name), to: self(name))
    options.onWarning?(
      CoppiceError(
        info.fault?.code ?? .directoryStepMismatch,
        "\(info) was faulty and gives way to a new one; it is now called \"\(name)\"",
        at: .init(file: self(name).string)))
  }

  /// Deletes a step, or moves it away.
  ///
  /// - Returns: `false` when the step is being read; it then stays.
  /// - Throws: `io.*`.
  func remove(_ info: CheckpointInfo) throws(CoppiceError) -> Bool {
    switch options.deletion {
    case .remove:
      return try StagedRemoval.removeUnlessRead(
        self(info.name), durability: options.storage.durability)
    case .move(let directory):
      let target = path.pushing(directory)
      if !StagedOutput.exists(target) {
        try OutputDirectory.create(target)
      }
      return try StagedRemoval.moveUnlessRead(self(info.name), into: target)
    }
  }
}
