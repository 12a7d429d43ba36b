public import CoppiceModel

/// Says which steps of a run stay; the others are deleted after each save.
///
/// Whatever a policy says, the newest step that can be read stays where no other one would.
///
/// Policies are values, put together with `any` and `all`; one of your own is a closure.
public struct PreservationPolicy: Sendable, CustomStringConvertible {
  /// The policy in words, for logs.
  public let description: String

  private let preserve: @Sendable ([CheckpointInfo], Timestamp) -> Set<Int>

  /// Makes a policy of one's own.
  ///
  /// - Parameters:
  ///   - description: The policy in words, for logs.
  ///   - preserve: Is given the steps in ascending order, and the present time; gives the
  ///     numbers of those that stay.
  public init(
    _ description: String = "custom",
    _ preserve: @escaping @Sendable (_ steps: [CheckpointInfo], _ now: Timestamp) -> Set<Int>
  ) {
    self.description = description
    self.preserve = preserve
  }

  /// The numbers of the steps that stay.
  public func preserved(among steps: [CheckpointInfo], now: Timestamp = .now) -> Set<Int> {
    preserve(steps, now)
  }
}
