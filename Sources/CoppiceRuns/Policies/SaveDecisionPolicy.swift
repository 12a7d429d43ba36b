public import CoppiceModel

/// What a policy is told when it is asked whether a step is to be saved.
public struct SaveDecision: Sendable {
  /// The step in question.
  public var step: Int

  /// The present time.
  public var time: Timestamp

  /// The steps that are there or on their way, in ascending order.
  public var previous: [CheckpointInfo]

  /// Whether a save is going on.
  public var isSaving: Bool

  /// Whether the program was told that it will be stopped.
  public var reachedPreemption: Bool

  /// Makes a question.
  public init(
    step: Int, time: Timestamp = .now, previous: [CheckpointInfo] = [], isSaving: Bool = false,
    reachedPreemption: Bool = false
  ) {
    self.step = step
    self.time = time
    self.previous = previous
    self.isSaving = isSaving
    self.reachedPreemption = reachedPreemption
  }
}

/// Says which steps of a training loop are saved.
///
/// Policies are values, put together with `any` and `all`; one of your own is a closure.
public struct SaveDecisionPolicy: Sendable, CustomStringConvertible {
  /// The policy in words, for logs and for the reason of a skipped save.
  public let description: String

  private let decide: @Sendable (SaveDecision) -> Bool

  /// Makes a policy of one's own.
  ///
  /// - Parameters:
  ///   - description: The policy in words, for logs.
  ///   - decide: May be called from any thread, and more than once for a step.
  public init(
    _ description: String = "custom", _ decide: @escaping @Sendable (SaveDecision) -> Bool
  ) {
    self.description = description
    self.decide = decide
  }

  /// Tells whether a step is to be saved.
  public func shouldSave(_ decision: SaveDecision) -> Bool { decide(decision) }
}
