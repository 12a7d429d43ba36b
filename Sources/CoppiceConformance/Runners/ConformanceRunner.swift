package import Coppice
public import CoppiceModel

/// A reader that is put to the test.
public protocol ConformanceRunner: Sendable {
  /// What the reader makes of a case.
  ///
  /// - Throws: `runner.no-answer` when it fails to say; `usage.runner` when it can't be asked at all.
  func answer(to fixture: FixtureCase) throws(CoppiceError) -> RunnerAnswer
}

/// What a reader made of a case.
public struct RunnerAnswer: Sendable {
  /// What came of loading.
  public enum Loading: Sendable {
    /// It loaded; the canonical description of all that it holds, where the reader gave one.
    case loaded(JSON?)
    /// It was refused; the code, where the reader gave one.
    case refused(String?)
  }

  /// Something that validation found.
  public struct Finding: Hashable, Sendable {
    /// The code.
    public var code: String
    /// Whether the checkpoint loads all the same.
    public var isWarning: Bool
    /// The level at which it is looked for, where the reader says so.
    package var level: ValidationLevel?

    /// Makes a finding.
    public init(code: String, isWarning: Bool) {
      self.code = code
      self.isWarning = isWarning
    }

    /// Makes a finding of a level.
    init(_ diagnostic: Diagnostic) {
      code = diagnostic.fault.code.rawValue
      isWarning = diagnostic.severity == .warning
      level = diagnostic.level
    }
  }

  /// What came of loading.
  public var loading: Loading

  /// The warnings that loading gave, where the reader has any.
  public var warnings: [String]?

  /// What validation at the case's level found; `nil` for a reader that only loads.
  public var findings: [Finding]?

  /// Makes an answer.
  public init(_ loading: Loading, warnings: [String]? = nil, findings: [Finding]? = nil) {
    self.loading = loading
    self.warnings = warnings
    self.findings = findings
  }
}
