import Coppice
package import CoppiceMaintenance
public import CoppiceModel
public import SystemPackage

/// One case of the suite: a checkpoint and the required result of reading it.
public struct FixtureCase: Sendable {
  /// The required result of reading a checkpoint.
  public enum Outcome: String, CaseIterable, Sendable {
    /// The reader loads it without faults.
    case valid
    /// The reader loads it with a warning.
    case tolerated
    /// The reader refuses it, because it breaks a rule.
    case invalid
    /// The reader refuses it, because a document can't be parsed.
    case malformed
    /// The reader refuses its version, which doesn't exist yet.
    case future
    /// The reader refuses it: a damaged checkpoint of another format.
    case refused

    /// Whether a reader must load the checkpoint.
    public var loads: Bool { self == .valid || self == .tolerated }
  }

  /// The case's path in the suite: its directories, joined by `/`.
  public var id: String
  /// The fact that the case shows, in one line.
  public var title: String
  /// The rules of the specification that the case tests.
  public var rules: [String]
  /// The required result.
  public var outcome: Outcome
  /// The code of the fault, in cases with one.
  public var code: String?
  /// The place of the fault, where known: a file, possibly with a pointer.
  public var place: String?
  /// Further codes that may be reported along with the case's own fault.
  public var otherCodes: [String]
  /// The warnings that a reader must report.
  public var warnings: [String]
  /// The requests that the case makes beside loading and validating all of the checkpoint.
  public var queries: [FixtureQuery]
  /// The directory of the case.
  public var directory: FilePath
  /// The checkpoint.
  public var input: FilePath
  /// The lowest level at which validation finds the fault.
  package var level: ValidationLevel

  /// The name of the level.
  public var levelName: String { level.rawValue }

  /// Whether the checkpoint is of another format than Coppice's.
  public var isForeign: Bool { id.hasPrefix("foreign/") }

  /// Returns the expected contents, computed by an independent program.
  ///
  /// - Throws: `io.*` and `json.*` when the document is missing or can't be read.
  public func expected() throws(CoppiceError) -> JSON {
    try JSON.document(at: directory.appending(Self.expectedName))
  }

  static let documentName = "case.json"
  static let expectedName = "expected.json"
}

extension FixtureCase: CustomStringConvertible {
  /// The case's path in the suite.
  public var description: String { id }
}
