public import CoppiceMaintenance
public import CoppiceModel

/// The answer of a reader to a request.
///
/// Spec: annex E.
public enum RunnerAnswer: Sendable {
  /// A fault that validation found.
  public struct Finding: Hashable, Sendable {
    /// The code.
    public var code: String
    /// Whether the checkpoint can still be loaded.
    public var isWarning: Bool
    /// The level at which validation looks for it, if known.
    public var level: ValidationLevel?

    /// Makes a finding.
    public init(code: String, isWarning: Bool, level: ValidationLevel? = nil) {
      self.code = code
      self.isWarning = isWarning
      self.level = level
    }
  }

  /// The description of what was loaded or listed, if the reader gave one, and the codes of what was
  /// tolerated, if the reader reports them.
  case described(JSON?, warnings: [String]?)
  /// The reader refuses what it was asked for; the code of the fault, if the reader gave one.
  case refused(String?)
  /// The checkpoint has nothing of the name or path; the names that are there, if the reader lists them.
  case absent(names: [String]?)
  /// All findings of validation.
  case validated([Finding])
  /// The reader has no such function.
  case unsupported
}

extension RunnerAnswer {
  /// Reads the answer to a request; `nil` for what is none.
  init?(_ json: JSON, to query: RunnerRequest.Query) {
    let codes = json["codes"].flatMap(\.texts)
    let warnings = json["warnings"].flatMap(\.texts)
    switch (json["outcome"]?.string, query) {
    case ("unsupported", _): self = .unsupported
    case ("absent", .load(_?)): self = .absent(names: json["names"].flatMap(\.texts))
    case ("valid", .validate), ("invalid", .validate):
      let isValid = json["outcome"] == .string("valid")
      guard isValid == (codes ?? []).isEmpty else { return nil }
      self = .validated(
        (codes ?? []).map { Finding(code: $0, isWarning: false) }
          + (warnings ?? []).map { Finding(code: $0, isWarning: true) })
    case ("valid", _): self = .described(json["dump"], warnings: warnings)
    case ("invalid", _): self = .refused(codes?.first)
    default: return nil
    }
  }
}
