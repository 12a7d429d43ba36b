public import CoppiceModel

/// A policy that chooses which steps of a run stay; the checkpointer deletes the others after each
/// save.
///
/// The newest readable step stays even if the policy doesn't keep it, unless another readable step
/// stays.
///
/// Policies are values; combine them with `any` and `all`, or make your own from a closure.
public struct PreservationPolicy: Sendable, CustomStringConvertible {
  /// The policy in words, for logs.
  public let description: String

  private let preserve: @Sendable ([CheckpointInfo], Timestamp) -> Set<Int>

  /// Makes a policy from a closure.
  ///
  /// - Parameters:
  ///   - description: The policy in words, for logs.
  ///   - preserve: Returns the numbers of the steps that stay. It gets the steps in ascending order
  ///     and the present time.
  public init(
    _ description: String = "custom",
    _ preserve: @escaping @Sendable (_ steps: [CheckpointInfo], _ now: Timestamp) -> Set<Int>
  ) {
    self.description = description
    self.preserve = preserve
  }

  /// Returns the numbers of the steps that stay.
  public func preserved(among steps: [CheckpointInfo], now: Timestamp = .now) -> Set<Int> {
    preserve(steps, now)
  }
}
