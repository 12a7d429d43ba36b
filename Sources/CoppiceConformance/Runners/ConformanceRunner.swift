public import CoppiceModel

/// A reader under test.
public protocol ConformanceRunner: Sendable {
  /// Returns the reader's answer to a request.
  ///
  /// - Throws: `runner.no-answer` when the reader gives none; `usage.runner` when it can't be
  ///   started.
  func answer(to request: RunnerRequest) throws(CoppiceError) -> RunnerAnswer
}
