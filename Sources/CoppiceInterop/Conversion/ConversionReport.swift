package import Coppice
package import CoppiceModel

/// What a conversion made, or would make.
package struct ConversionReport: Sendable {
  /// One checkpoint of the result.
  package struct Output: Sendable {
    /// The step, where the result is a run.
    package var step: Int?
    /// The step's name in the run; empty for a result that is one checkpoint.
    package var name: String
    package var leaves: [PlannedArray]
    package var files: [PlannedFile]
  }

  /// What could not be carried over exactly.
  package var notes: [ConversionNote] = []

  /// What had the target's name, and was or would be replaced.
  package var replaced: Replacement.Replaced?

  /// The checkpoints of the result; given for plans only.
  package var outputs: [Output] = []

  package init() {}

  /// Adds what a plan says, once: steps of one run tend to say the same.
  mutating func add(_ notes: [ConversionNote], step: Int? = nil) {
    for note in notes where seen.insert(note).inserted {
      var note = note
      if let step { note.message += " (from step \(step) on)" }
      self.notes.append(note)
    }
  }

  /// Adds what was left out because it is damaged or can't be represented.
  mutating func add(_ omissions: [Omission], step: Int? = nil) {
    add(omissions.map(ConversionNote.init), step: step)
  }

  /// Adds that a step was left out.
  mutating func add(leftOut step: Int, _ fault: CoppiceError) {
    add([ConversionNote(.damaged, "step \(step) was left out: \(fault.description)")])
  }

  private var seen: Set<ConversionNote> = []
}

extension ConversionNote {
  /// Says what was left out and why.
  package init(_ omission: Omission) {
    self.init(
      omission.fault.kind == .damaged ? .damaged : .unsupported,
      "left out: " + omission.fault.error.message, treePath: omission.place)
  }
}
