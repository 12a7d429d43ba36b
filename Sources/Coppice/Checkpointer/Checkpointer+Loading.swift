public import CoppiceModel
import FileAccess
import Synchronization

extension Checkpointer {
  /// Opens a step and lends it to a closure; arrays are read when asked for.
  ///
  /// Meanwhile no checkpointer, of this or another process, deletes the step.
  ///
  /// - Parameters:
  ///   - step: The step; the latest one when `nil`.
  ///   - body: Runs on a thread of its own and may block.
  /// - Throws: `usage.no-such-part` with the steps that there are; `io.not-found` when the step is
  ///   gone; what the format's reader and the closure throw.
  public func withContents<Result: Sendable>(
    step: Int? = nil,
    _ body: @escaping @Sendable (CheckpointContents) throws(CoppiceError) -> Result
  ) async throws(CoppiceError) -> Result {
    try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      try self.read(step, body)
    }
  }

  /// Opens a step on this thread.
  func read<Result>(
    _ step: Int?, _ body: (CheckpointContents) throws(CoppiceError) -> Result
  ) throws(CoppiceError) -> Result {
    // While the latest step is looked at, another process may delete it: then there is a later one.
    for _ in 0..<10 {
      let info = try find(step)
      let foreign = state.withLock { $0.listing.foreign?[info.step] }
      do throws(CoppiceError) {
        return try root.read(info, foreign: foreign, body)
      } catch {
        guard step == nil, error.isMissing else {
          throw error.located(file: root(info.name).string)
        }
        let listing = try root.list()
        guard listing.infos.last != info else { throw error }
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

extension Checkpointer {
  /// Loads one tree of a step.
  public func load(
    step: Int? = nil, name: String? = nil
  ) async throws(CoppiceError) -> Tree<NDArray> {
    try await withContents(step: step) { contents throws(CoppiceError) in
      guard case .tree(let tree) = try TreeChoice.choose(from: contents.root).value else {
        throw CoppiceError(.usageChoice, "no tree")
      }
      return try tree.mapLeaves { (_, leaf) throws(CoppiceError) in try leaf.source.load() }
    }
  }
}
