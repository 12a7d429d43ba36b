import CoppiceModel
import FileAccess
import Synchronization
import SystemPackage

extension Checkpointer {
  /// Opens a step on a thread of its own.
  func open(_ step: Int?) async throws(CoppiceError) -> (step: OpenedStep, path: FilePath) {
    try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      try self.opened(step)
    }
  }

  /// Opens a step on this thread and lends it to a closure.
  func read<Result>(
    _ step: Int?, _ body: (CheckpointContents) throws(CoppiceError) -> Result
  ) throws(CoppiceError) -> Result {
    let (opened, path) = try opened(step)
    defer { withExtendedLifetime(opened) {} }
    do throws(CoppiceError) {
      return try body(opened.contents)
    } catch {
      throw error.located(file: path.string)
    }
  }

  private func opened(_ step: Int?) throws(CoppiceError) -> (step: OpenedStep, path: FilePath) {
    // While the latest step is looked at, another process may delete it: then there is a later one.
    for _ in 0..<10 {
      let info = try find(step)
      let foreign = state.withLock { $0.listing.foreign?[info.step] }
      let path = root(info.name)
      do throws(CoppiceError) {
        return (try root.open(info, foreign: foreign), path)
      } catch {
        guard step == nil, error.isMissing else { throw error.located(file: path.string) }
        let listing = try root.list()
        guard listing.infos.last != info else { throw error.located(file: path.string) }
        state.withLock { state in
          state.listing = listing
          state.generation &+= 1
        }
      }
    }
    throw CoppiceError(
      .ioNotFound, "steps are deleted faster than they can be opened; keep more of them",
      at: .init(file: directory.string))
  }
}
