public import CoppiceModel

/// A finding of validation.
public struct Diagnostic: Sendable {
  /// The severity of a finding.
  public enum Severity: String, Sendable {
    /// A rule is broken: the checkpoint is invalid or malformed.
    case error
    /// An oddity is tolerated: the checkpoint loads.
    case warning
  }

  /// The severity of the finding.
  public var severity: Severity
  /// The level of validation that found it.
  public var level: ValidationLevel
  /// The fault, with its place.
  public var fault: CoppiceError

  /// Makes a finding.
  public init(_ severity: Severity, _ level: ValidationLevel, _ fault: CoppiceError) {
    self.severity = severity
    self.level = level
    self.fault = fault
  }
}

/// The depth of a validation; each level includes those before it.
///
/// Spec: VAL-5.
public enum ValidationLevel: String, CaseIterable, Comparable, Sendable {
  /// All documents: syntax, canonical form, schema, digests.
  case document
  /// Files and their sizes, the arithmetic of blocks, shards and features.
  case structure
  /// Every stored byte: digests of blocks and files, coding of chunks, HDF5 against the index.
  case data

  /// Returns whether the first level is shallower.
  public static func < (left: ValidationLevel, right: ValidationLevel) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
