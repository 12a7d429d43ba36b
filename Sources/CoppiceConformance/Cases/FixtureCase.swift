package import Coppice
public import CoppiceModel
public import SystemPackage

/// One case of the suite: a checkpoint, and what every reader must make of it.
public struct FixtureCase: Sendable {
  /// What a reader must make of a checkpoint.
  public enum Outcome: String, CaseIterable, Sendable {
    /// It loads, and nothing is wrong with it.
    case valid
    /// It loads, with a warning.
    case tolerated
    /// It is refused: it breaks a rule.
    case invalid
    /// It is refused: a document can't be parsed.
    case malformed
    /// It is refused by its version, which doesn't exist yet.
    case future
    /// It is refused: a checkpoint of another format that is damaged.
    case refused

    /// Whether a reader must load the checkpoint.
    public var loads: Bool { self == .valid || self == .tolerated }
  }

  /// The case's place in the suite: its directories, joined by `/`.
  public var id: String
  /// What the case shows, in one line.
  public var title: String
  /// The rules of the specification that it shows.
  public var rules: [String]
  /// What a reader must make of it.
  public var outcome: Outcome
  /// What is wrong with it, where something is.
  public var code: String?
  /// Where the fault is, where that is known: a file, perhaps with a pointer.
  public var place: String?
  /// What else may be reported: faults that come with the one that the case is about.
  public var otherCodes: [String]
  /// The warnings that a tolerated case must give.
  public var warnings: [String]
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

  /// What the checkpoint holds, as an independent program computed it.
  ///
  /// - Throws: `io.*`, `json.*` when the document isn't there or can't be read.
  public func expected() throws(CoppiceError) -> JSON {
    try JSON.document(at: directory.appending(Self.expectedName))
  }

  static let documentName = "case.json"
  static let expectedName = "expected.json"
}

extension FixtureCase: CustomStringConvertible {
  /// The case's place in the suite.
  public var description: String { id }
}
