public import Coppice
public import CoppiceModel

/// The result of a conversion, or its plan.
public struct ConversionReport: Sendable {
  /// One checkpoint of the result.
  public struct Output: Sendable {
    /// The step, where the result is a run.
    public var step: Int?
    /// The step's name in the run; empty for a result that is one checkpoint.
    public var name: String
    /// The arrays that are written.
    public var leaves: [PlannedArray]
    /// The files that are written.
    public var files: [PlannedFile]
  }

  /// Notes about everything that could not be carried over exactly.
  public var notes: [ConversionNote] = []

  /// The warnings of the source, which say what its reader changed or left out.
  public private(set) var warnings: [CoppiceError] = []

  /// Things of one kind that are not as they were.
  public struct Finding: Hashable, Sendable {
    /// The kind of the notes, the code of the warnings, or the change that was asked for.
    public var kind: String
    /// The number of the things.
    public var count: Int
    /// The fate of the first.
    public var message: String
    /// The places of the first few, where they have one.
    public var examples: [String]
  }

  /// The things that are there in another form, by kind: those of notes and warnings, and the changes that were asked for.
  public var changed: [Finding] { findings(.changed) }

  /// The things that are not in the result, by kind.
  public var lost: [Finding] { findings(.lost) }

  /// An old target that a conversion replaces.
  public struct Replaced: Hashable, Sendable {
    /// The format of the old target.
    public var format: String
    /// Whether the old target is a directory.
    public var isDirectory: Bool
  }

  /// The old target that was or would be replaced; `nil` where there was none.
  public var replaced: Replaced?

  /// The checkpoints of the result; filled for plans only.
  public var outputs: [Output] = []

  /// The number of steps of the result; `nil` for a result that is one checkpoint.
  public var stepCount: Int?

  /// The number of arrays of the result, of all its steps.
  public var arrayCount = 0

  /// The number of bytes of the elements of these arrays.
  public var byteCount = 0

  package init() {}

  /// Adds the notes of a plan without duplicates: the steps of a run tend to have the same notes.
  mutating func add(_ notes: [ConversionNote], step: Int? = nil) {
    for note in notes where seen.insert(note).inserted {
      var note = note
      if let step { note.message += " (from step \(step) on)" }
      self.notes.append(note)
    }
  }

  /// Counts the arrays of a checkpoint, which is a step of the result where it has a number.
  mutating func count(_ leaves: [PlannedArray], step: Int?) {
    if step != nil { stepCount = (stepCount ?? 0) + 1 }
    arrayCount += leaves.count
    byteCount += leaves.reduce(0) { $0 + $1.byteCount }
  }

  /// Adds notes about nodes that were left out because they are damaged or can't be represented.
  mutating func add(_ omissions: [Omission], step: Int? = nil) {
    add(omissions.map(ConversionNote.init), step: step)
  }

  /// Adds a note that a step was left out.
  mutating func add(leftOut step: Int, _ fault: CoppiceError) {
    add([ConversionNote(.damaged, "step \(step) was left out: \(fault.description)")])
  }

  /// Adds the warnings of a checkpoint that is converted, without duplicates.
  mutating func add(warnings: [CoppiceError]) {
    for warning in warnings where seenWarnings.insert(warning.description).inserted {
      self.warnings.append(warning)
    }
  }

  /// Adds the changes of a checkpoint that were asked for.
  mutating func add(_ changes: RequestedChanges) { requested.add(changes) }

  private var requested = RequestedChanges()
  private var seen: Set<ConversionNote> = []
  private var seenWarnings: Set<String> = []

  private func findings(_ effect: ConversionNote.Effect) -> [Finding] {
    var list = FindingList(requested.findings(effect))
    for note in notes where note.kind.effect == effect {
      list.add(note.kind.rawValue, note.message, at: note.treePath)
    }
    guard effect == .changed else { return list.findings }
    for warning in warnings {
      list.add(warning.code.rawValue, warning.message, at: warning.location.treePath ?? "")
    }
    return list.findings
  }
}

/// Findings, one for each kind.
struct FindingList {
  private(set) var findings: [ConversionReport.Finding]
  private var places: [String: Int] = [:]

  /// The most examples of a kind.
  static let mostExamples = 3

  init(_ findings: [ConversionReport.Finding] = []) {
    self.findings = findings
    for (place, finding) in findings.enumerated() { places[finding.kind] = place }
  }

  mutating func add(_ kind: String, _ message: String, at path: String) {
    let place = places[kind] ?? findings.count
    if place == findings.count {
      places[kind] = place
      findings.append(.init(kind: kind, count: 0, message: message, examples: []))
    }
    findings[place].count += 1
    if !path.isEmpty, findings[place].examples.count < Self.mostExamples {
      findings[place].examples.append(path)
    }
  }
}

extension ConversionNote {
  /// Makes the note about an omission and its reason.
  public init(_ omission: Omission) {
    self.init(
      omission.fault.kind == .damaged ? .damaged : .unsupported,
      "left out: " + omission.fault.error.message, treePath: omission.place)
  }
}
