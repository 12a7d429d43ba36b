public import CoppiceModel

/// The facts from which a policy decides whether to save a step.
public struct SaveDecision: Sendable {
  /// The step in question.
  public var step: Int

  /// The present time.
  public var time: Timestamp

  /// The steps of the run, including those still being saved, in ascending order.
  public var previous: [CheckpointInfo]

  /// Whether a save is going on.
  public var isSaving: Bool

  /// Whether the notice in `CheckpointerOptions.preemption` was given.
  public var reachedPreemption: Bool

  /// Makes the facts about one step.
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

/// A policy that chooses which steps of a training loop are saved.
///
/// Policies are values; combine them with `any` and `all`, or make your own from a closure.
public struct SaveDecisionPolicy: Sendable, CustomStringConvertible {
  /// The policy in words, for logs and for the reason of a skipped save.
  public let description: String

  private let decide: @Sendable (SaveDecision) -> Bool

  /// Makes a policy from a closure.
  ///
  /// - Parameters:
  ///   - description: The policy in words, for logs.
  ///   - decide: Returns whether to save the step. It may be called from any thread, and more than
  ///     once for a step.
  public init(
    _ description: String = "custom", _ decide: @escaping @Sendable (SaveDecision) -> Bool
  ) {
    self.description = description
    self.decide = decide
  }

  /// Returns whether to save a step.
  public func shouldSave(_ decision: SaveDecision) -> Bool { decide(decision) }
}
