import CoppiceFiles
public import CoppiceModel
import SystemPackage

extension Checkpoint {
  /// Opens a checkpoint without reading array data.
  ///
  /// The result holds the checkpointables, with sources that read array data when asked to. Use it
  /// to stream a checkpoint into another one, or to read arrays one by one.
  ///
  /// - Throws: `io.not-found`, `format.unrecognized`; `usage.choice` with the steps for a run; the
  ///   errors of the format's reader.
  public static func open(
    _ path: some FilePathConvertible, opening: OpenOptions = OpenOptions()
  ) async throws(CoppiceError) -> CheckpointContents {
    let path = path.filePath
    return try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      try contents(at: path, opening)
    }
  }

  /// Tells whether a path is a finished checkpoint, damaged or not.
  ///
  /// A run isn't one, nor is the directory of a checkpointable.
  ///
  /// - Throws: `io.*` when the path can't be examined.
  public static func exists(
    at path: some FilePathConvertible, opening: OpenOptions = OpenOptions()
  ) async throws(CoppiceError) -> Bool {
    let path = path.filePath
    return try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      do throws(CoppiceError) {
        guard case .checkpoint = try CheckpointOpener.open(path, options: opening) else {
          return false
        }
        return true
      } catch {
        switch error.code {
        case .ioNotFound, .formatUnrecognized: return false
        case let code where code.isInputFault: return true
        default: throw error
        }
      }
    }
  }

  /// Opens the checkpoint at a path, and refuses a run.
  static func contents(
    at path: FilePath, _ opening: OpenOptions
  ) throws(CoppiceError) -> CheckpointContents {
    switch try CheckpointOpener.open(path, options: opening) {
    case .checkpoint(let contents): return contents
    case .steps(let steps):
      throw CoppiceError(
        .usageChoice,
        steps.steps.isEmpty
          ? "this is a run without any step"
          : "this is a run: open one of its steps, such as \""
            + "\(path.appending(steps.steps.last?.name ?? "").string.printable)\"; there are "
            + StepChoice.list(steps.steps.map(\.number)),
        at: .init(file: path.string))
    }
  }
}
