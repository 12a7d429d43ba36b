public import CoppiceModel
import Synchronization

/// An asynchronous sequence of the steps of a run, which waits for new steps.
///
/// It ends when no new step has appeared within the timeout; cancelling the task ends it with
/// `operation.cancelled`.
public struct NewSteps: AsyncSequence, Sendable {
  /// The choice of steps to return when several have appeared since the last look.
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

  /// An iterator that waits for one step at a time.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private let sequence: NewSteps
    private var last: Int?
    private var known: [String: StepListing.Step] = [:]

    init(_ sequence: NewSteps) {
      self.sequence = sequence
      last = sequence.after
    }

    /// Waits for the next step; returns `nil` if none appears before the timeout.
    public mutating func next() async throws(CoppiceError) -> CheckpointInfo? {
      try await next(isolation: nil)
    }

    /// Waits for the next step; returns `nil` if none appears before the timeout.
    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(CoppiceError) -> CheckpointInfo? {
      let deadline = sequence.timeout.map { ContinuousClock.now + $0 }
      while true {
        let (root, known) = (sequence.root, known)
        let found = try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
          try root.list(beside: known)
        }
        // Another program may still be copying a faulty step, so the next look reads it again.
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

  /// Makes an iterator.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}

extension Checkpointer {
  /// Returns the steps of the run as they appear, beginning with the existing ones.
  ///
  /// Each iteration reads the directory itself, so it finds steps of other processes; the
  /// checkpointer's own list stays as it is until `reload()`.
  ///
  /// - Parameters:
  ///   - step: Only steps with greater numbers are returned; all steps when `nil`.
  ///   - selection: The choice of steps to return when several have appeared since the last look.
  ///   - interval: The time between two looks at the directory.
  ///   - timeout: The longest time to wait for one step; `nil` waits forever.
  public func steps(
    after step: Int? = nil, selecting selection: NewSteps.Selection = .all,
    every interval: Duration = .seconds(1), timeout: Duration? = nil
  ) -> NewSteps {
    NewSteps(
      root: root, after: step, selection: selection,
      interval: Swift.max(interval, .milliseconds(1)), timeout: timeout)
  }
}
