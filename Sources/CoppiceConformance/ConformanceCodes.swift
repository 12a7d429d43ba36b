public import CoppiceModel

extension CoppiceError.Code {
  /// A case of the suite with an invalid document, or a suite without cases.
  public static let usageFixtures = Self(rawValue: "usage.fixtures")
  /// The command under test can't be started.
  public static let usageRunner = Self(rawValue: "usage.runner")
  /// The command under test gave no answer.
  public static let runnerNoAnswer = Self(rawValue: "runner.no-answer")
}
