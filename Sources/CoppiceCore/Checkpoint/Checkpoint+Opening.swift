import CoppiceFiles
public import CoppiceModel
import SystemPackage

extension Checkpoint {
  /// Opens a checkpoint without reading array data: its parts with sources to read from.
  ///
  /// This is the way to stream from one place to another, or to read arrays one by one.
  ///
  /// - Throws: `io.not-found`, `format.unrecognized`; `usage.choice` for a root of steps, which lists
  ///   them; what the format's reader throws.
  public static func open(
    _ path: FilePath, opening: OpenOptions = OpenOptions()
  ) async throws(CoppiceError) -> CheckpointContents {
    try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      try contents(at: path, opening)
    }
  }

  /// Tells whether a path is a checkpoint that was finished, damaged or not: not a root of steps, and
  /// not a part of one.
  ///
  /// - Throws: `io.*` when the system doesn't let it be known.
  public static func exists(
    at path: FilePath, opening: OpenOptions = OpenOptions()
  ) async throws(CoppiceError) -> Bool {
    try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
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

  /// The contents of the one checkpoint at a path.
  static func contents(
    at path: FilePath, _ opening: OpenOptions
  ) throws(CoppiceError) -> CheckpointContents {
    switch try CheckpointOpener.open(path, options: opening) {
    case .checkpoint(let contents): return contents
    case .steps(let steps):
      throw CoppiceError(
        .usageChoice,
        steps.steps.isEmpty
          ? "this is a root of steps without any step"
          : "this is a root of steps: open one of them, such as \""
            + "\(path.appending(steps.steps.last?.name ?? "").string.printable)\"; there are "
            + StepChoice.list(steps.steps.map(\.number)),
        at: .init(file: path.string))
    }
  }
}
