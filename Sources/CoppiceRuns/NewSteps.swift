public import CoppiceModel
import Synchronization

/// The steps of a run as they appear: an asynchronous sequence that waits for new ones.
///
/// It ends when no new step has come for the time given; cancelling the task ends it with
/// `operation.cancelled`.
public struct NewSteps: AsyncSequence, Sendable {
  /// Which steps are given where several have come meanwhile.
  public enum Selection: Hashable, Sendable {
    /// Each one, in ascending order.
    case all
    /// Only the one with the greatest number.
    case newest
  }

  let root: RunDirectory
  let after: Int?
  let selection: Selection
  let interval: Duration
  let timeout: Duration?

  /// Waits for steps one by one.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private let sequence: NewSteps
    private var last: Int?
    private var known: [String: StepListing.Step] = [:]

    init(_ sequence: NewSteps) {
      self.sequence = sequence
      last = sequence.after
    }

    /// Waits for the next step; `nil` when none has come in time.
    public mutating func next() async throws(CoppiceError) -> CheckpointInfo? {
      try await next(isolation: nil)
    }

    /// Waits for the next step; `nil` when none has come in time.
    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(CoppiceError) -> CheckpointInfo? {
      let deadline = sequence.timeout.map { ContinuousClock.now + $0 }
      while true {
        let (root, known) = (sequence.root, known)
        let found = try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
          try root.list(beside: known)
        }
        // A faulty step may be on its way, copied by another program: it is looked at again.
        self.known = found.steps.filter { $0.value.fault == nil }
        let new = found.infos.filter { $0.step > last ?? -1 && $0.fault == nil }
        if let info = sequence.selection == .all ? new.first : new.last {
          last = info.step
          return info
        }
        var pause = sequence.interval
        if let deadline {
          let left = deadline - ContinuousClock.now
          guard left > .zero else { return nil }
          pause = Swift.min(pause, left)
        }
        do {
          try await Task.sleep(for: pause)
        } catch {
          throw CoppiceError(.operationCancelled, "cancelled while waiting for a step")
        }
      }
    }
  }

  /// Begins to wait.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}

extension Checkpointer {
  /// The steps as they appear, those that are there first.
  ///
  /// Each iteration looks into the directory itself, so that steps of other processes are found; the
  /// checkpointer's own list stays as it is until `reload()`.
  ///
  /// - Parameters:
  ///   - step: Only greater numbers are given; all, when `nil`.
  ///   - selection: What is given where several have come meanwhile.
  ///   - interval: How long to wait between looks.
  ///   - timeout: How long to wait for one step; for ever, when `nil`.
  public func steps(
    after step: Int? = nil, selecting selection: NewSteps.Selection = .all,
    every interval: Duration = .seconds(1), timeout: Duration? = nil
  ) -> NewSteps {
    NewSteps(
      root: root, after: step, selection: selection,
      interval: Swift.max(interval, .milliseconds(1)), timeout: timeout)
  }
}
