import CoppiceModel

extension CoppiceError.Code {
  /// A case of the suite that doesn't say what it is, or a suite without cases.
  static let usageFixtures = Self(rawValue: "usage.fixtures")
  /// The command that is to be tested can't be started.
  static let usageRunner = Self(rawValue: "usage.runner")
  /// The command that is tested gave no answer.
  static let runnerNoAnswer = Self(rawValue: "runner.no-answer")
}
