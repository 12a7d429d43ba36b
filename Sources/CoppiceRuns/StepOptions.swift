public import CoppiceModel

/// The choices of saving one step.
public struct StepOptions: Sendable {
  /// The metadata of the step, a JSON object.
  public var custom: JSON?

  /// Whether to save without asking the policy.
  public var isForced: Bool

  /// The choice of what to do when the step already exists.
  public var overwriting: Overwriting

  /// Makes choices; by default, the policy is asked, and an existing step stays.
  public init(custom: JSON? = nil, isForced: Bool = false, overwriting: Overwriting = .never) {
    self.custom = custom
    self.isForced = isForced
    self.overwriting = overwriting
  }

  /// Saves without asking the policy.
  public static let forced = Self(isForced: true)

  /// Saves a step that already exists, or one before the latest, as a rule says.
  public static func overwriting(_ rule: Overwriting) -> Self { Self(overwriting: rule) }
}
