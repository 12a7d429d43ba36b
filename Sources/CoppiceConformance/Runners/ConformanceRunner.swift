import Coppice
package import CoppiceMaintenance
public import CoppiceModel

/// A reader under test.
public protocol ConformanceRunner: Sendable {
  /// Returns the reader's answer to a case.
  ///
  /// - Throws: `runner.no-answer` when the reader gives none; `usage.runner` when it can't be
  ///   started.
  func answer(to fixture: FixtureCase) throws(CoppiceError) -> RunnerAnswer
}

/// The answer of a reader to a case.
public struct RunnerAnswer: Sendable {
  /// The result of loading.
  public enum Loading: Sendable {
    /// The checkpoint was loaded, with its canonical description if the reader gave one.
    case loaded(JSON?)
    /// The checkpoint was refused, with the code if the reader gave one.
    case refused(String?)
  }

  /// A finding of validation.
  public struct Finding: Hashable, Sendable {
    /// The code.
    public var code: String
    /// Whether the checkpoint can still be loaded.
    public var isWarning: Bool
    /// The level at which validation looks for it, if known.
    package var level: ValidationLevel?

    /// Makes a finding.
    public init(code: String, isWarning: Bool) {
      self.code = code
      self.isWarning = isWarning
    }

    /// Makes a finding of a diagnostic, with its level.
    init(_ diagnostic: Diagnostic) {
      code = diagnostic.fault.code.rawValue
      isWarning = diagnostic.severity == .warning
      level = diagnostic.level
    }
  }

  /// The result of loading.
  public var loading: Loading

  /// The warnings of loading, if the reader reports them.
  public var warnings: [String]?

  /// The findings of validation at the case's level; `nil` for a reader that only loads.
  public var findings: [Finding]?

  /// Makes an answer.
  public init(_ loading: Loading, warnings: [String]? = nil, findings: [Finding]? = nil) {
    self.loading = loading
    self.warnings = warnings
    self.findings = findings
  }
}
