/// The findings of a validation.
public struct ValidationReport: Sendable {
  /// The findings, in the order in which they were found; empty for a flawless checkpoint.
  public var diagnostics: [Diagnostic]

  /// Whether the format stores digests or checksums of all array data.
  ///
  /// Without them, a flipped bit can't be detected.
  public var hasDigests: Bool

  /// Whether there are no errors; warnings are allowed.
  public var isValid: Bool { diagnostics.allSatisfy { $0.severity == .warning } }

  mutating func add(_ other: ValidationReport) {
    diagnostics += other.diagnostics
    hasDigests = hasDigests && other.hasDigests
  }
}
