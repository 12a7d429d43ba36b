import CoppiceFormat
import CoppiceModel
import FileAccess

extension StepRoot {
  /// Opens a step and lends it to a closure; meanwhile it isn't deleted.
  ///
  /// - Throws: `io.not-found` when the step is gone; what the format's reader and the closure throw.
  func read<Result>(
    _ info: CheckpointInfo, foreign: CheckpointSteps.Step?,
    _ body: (CheckpointContents) throws(CoppiceError) -> Result
  ) throws(CoppiceError) -> Result {
    if let foreign { return try body(try foreign.open()) }
    let lock = try ReadingLock.take(self(info.name))
    defer { withExtendedLifetime(lock) {} }
    let directory = try DirectoryHandle(opening: path, symlinks: options.opening.symlinks)
    var contents = try CheckpointReader.open(
      try directory.subdirectory(info.name), options: options.opening.reading)
    guard StepName(info.name).number(recorded: contents.step) == info.step else {
      throw CoppiceError(
        .directoryStepMismatch,
        "the name of this checkpoint says step \(info.step), but its document says another",
        at: .init(file: info.name))
    }
    contents.step = info.step
    return try body(contents)
  }
}
