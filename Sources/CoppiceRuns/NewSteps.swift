public import CoppiceModel
import CoppiceProcessGroup

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
  let members: RunGroup?
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
        let found = try await sequence.look(after: last, beside: known, until: deadline)
        known = found.known
        if let info = found.info {
          last = info.step
          return info
        }
        guard !found.isOver else { return nil }
        var pause = sequence.interval
        if let deadline {
          pause = Swift.min(pause, Swift.max(deadline - ContinuousClock.now, .milliseconds(1)))
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

extension NewSteps {
  /// The outcome of a look at the directory.
  fileprivate struct Look: Sendable {
    /// The next step, if there is one.
    var info: CheckpointInfo?
    /// Whether it is no use to look again.
    var isOver = false
    /// The steps that the next look need not read again.
    var known: [String: StepListing.Step] = [:]
  }

  /// Looks for the next step; in a group on rank 0, for all.
  fileprivate func look(
    after last: Int?, beside known: [String: StepListing.Step],
    until deadline: ContinuousClock.Instant?
  ) async throws(CoppiceError) -> Look {
    guard let members else {
      return try await lookAlone(after: last, beside: known, until: deadline)
    }
    var own = Look()
    let answer = try await members.ranks.decide(named: "steps", within: members.waitLimit) {
      () throws(CoppiceError) in
      own = try await members.ranks.byPrimary { () throws(CoppiceError) in
        try await lookAlone(after: last, beside: known, until: deadline)
      }
      var writer = MessageWriter()
      writer.write(UInt8(own.isOver ? 1 : 0))
      own.info?.write(to: &writer)
      return writer.bytes
    }
    guard !members.isPrimary else { return own }
    var reader = MessageReader(answer)
    guard let isOver = reader.byte() else { throw RunGroup.malformed }
    let info = answer.count > 1 ? try CheckpointInfo(from: &reader) : nil
    return Look(info: info, isOver: isOver == 1)
  }

  private func lookAlone(
    after last: Int?, beside known: [String: StepListing.Step],
    until deadline: ContinuousClock.Instant?
  ) async throws(CoppiceError) -> Look {
    let (root, known) = (root, known)
    let found = try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      try root.list(beside: known)
    }
    let new = found.infos.filter { $0.step > last ?? -1 && $0.fault == nil }
    return Look(
      info: selection == .all ? new.first : new.last, isOver: deadline.map { $0 <= .now } ?? false,
      // Another program may still be copying a faulty step, so the next look reads it again.
      known: found.steps.filter { $0.value.fault == nil })
  }
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
      root: root, members: members, after: step, selection: selection,
      interval: Swift.max(interval, .milliseconds(1)), timeout: timeout)
  }
}
