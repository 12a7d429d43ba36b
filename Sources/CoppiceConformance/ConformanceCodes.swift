public import CoppiceModel

extension CoppiceError.Code {
  /// A case of the suite that doesn't say what it is, or a suite without cases.
  public static let usageFixtures = Self(rawValue: "usage.fixtures")
  /// The command that is to be tested can't be started.
  public static let usageRunner = Self(rawValue: "usage.runner")
  /// The command that is tested gave no answer.
  public static let runnerNoAnswer = Self(rawValue: "runner.no-answer")
}
