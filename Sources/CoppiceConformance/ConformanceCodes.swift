import CoppiceModel

extension CoppiceError.Code {
  /// A case of the suite with an invalid document, or a suite without cases.
  static let usageFixtures = Self(rawValue: "usage.fixtures")
  /// The command under test can't be started.
  static let usageRunner = Self(rawValue: "usage.runner")
  /// The command under test gave no answer.
  static let runnerNoAnswer = Self(rawValue: "runner.no-answer")
}
