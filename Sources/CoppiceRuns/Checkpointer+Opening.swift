import CoppiceFiles
import CoppiceModel
import Synchronization
import SystemPackage

extension Checkpointer {
  /// Opens a step on a thread of its own.
  func open(_ step: Int?) async throws(CoppiceError) -> (step: OpenedStep, path: FilePath) {
    try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      try self.opened(step)
    }
  }

  /// Opens a step on this thread and lends it to a closure; if the step is damaged, uses an older
  /// one if the fallback allows it.
  func read<Result>(
    _ step: Int?, _ fallback: StepFallback,
    _ body: (CheckpointContents) throws(CoppiceError) -> Result
  ) throws(CoppiceError) -> Result {
    var wanted = step
    while true {
      let info = try find(wanted)
      do throws(CoppiceError) {
        return try read(wanted, body)
      } catch {
        wanted = try self.step(before: info, fallback, after: error)
      }
    }
  }

  /// Returns the older step to load in place of a damaged one, and records the fault of the damaged
  /// step.
  ///
  /// - Throws: The given error if it isn't damage, if the fallback doesn't allow an older step, or
  ///   if there is none.
  func step(
    before info: CheckpointInfo, _ fallback: StepFallback, after error: CoppiceError
  ) throws(CoppiceError) -> Int {
    guard fallback == .olderStep, error.isDamage else { throw error }
    let older = checkpoints.last { $0.step < info.step && $0.fault == nil }
    guard let older else { throw error }
    info.note(error)
    var warning = error
    warning.message = "\(info) is damaged, \(older) is loaded instead: " + error.message
    if members?.isPrimary ?? true { options.onWarning?(warning) }
    return older.step
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

  /// Opens a step on this thread.
  ///
  /// - Parameter isForAll: Whether the ranks of a group take over this rank's list of steps afterwards; otherwise a
  ///   group's list isn't read again.
  func opened(
    _ step: Int?, isForAll: Bool = false
  ) throws(CoppiceError) -> (step: OpenedStep, path: FilePath) {
    // Another process may delete the latest step before this one opens it; then there is a later
    // step to try.
    for _ in 0..<10 {
      let info = try find(step)
      let foreign = state.withLock { $0.listing.foreign?[info.step] }
      let path = root(info.name)
      do throws(CoppiceError) {
        return (try root.open(info, foreign: foreign), path)
      } catch {
        guard step == nil, error.isMissing, members == nil || isForAll else {
          throw error.located(file: path.string)
        }
        let listing = try root.list()
        guard listing.latest != info else { throw error.located(file: path.string) }
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
