import CoppiceFiles
import CoppiceFormat
import CoppiceModel

/// An open step; the step isn't deleted while this value lives.
struct OpenedStep: Sendable {
  let info: CheckpointInfo
  let contents: CheckpointContents
  private let lock: ReadingLock?

  init(_ info: CheckpointInfo, _ contents: CheckpointContents, lock: ReadingLock?) {
    self.info = info
    self.contents = contents
    self.lock = lock
  }
}

extension RunDirectory {
  /// Opens a step.
  ///
  /// - Parameter foreign: The step, if the run has another format.
  /// - Throws: `io.not-found` when the step is gone; the errors of the format's reader.
  func open(
    _ info: CheckpointInfo, foreign: CheckpointRun.Step?
  ) throws(CoppiceError) -> OpenedStep {
    if let foreign { return OpenedStep(info, try foreign.open(), lock: nil) }
    let lock = try ReadingLock.take(self(info.name))
    let directory = try DirectoryHandle(opening: path, symlinks: options.opening.symlinks)
    var contents = try CheckpointReader.open(
      try directory.checkpoint(info.name), options: options.opening.reading)
    guard StepName(info.name).number(recorded: contents.step) == info.step else {
      throw CoppiceError(
        .directoryStepMismatch,
        "the name of this checkpoint says step \(info.step), but its document says another",
        at: .init(file: info.name))
    }
    contents.step = info.step
    return OpenedStep(info, contents, lock: lock)
  }
}
