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

  private var seen: Set<ConversionNote> = []
}

extension ConversionNote {
  /// Makes the note about an omission and its reason.
  public init(_ omission: Omission) {
    self.init(
      omission.fault.kind == .damaged ? .damaged : .unsupported,
      "left out: " + omission.fault.error.message, treePath: omission.place)
  }
}
