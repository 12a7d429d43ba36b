import CoppiceModel
import CoppiceProcessGroup

/// The ranks that save and load a run together.
struct RunGroup: Sendable {
  /// The ranks; their messages about this run are kept apart from all others.
  let ranks: ProcessSubgroup
  /// The longest time that a rank waits for the others.
  let waitLimit: Duration
  /// The turns of the saves in the background.
  let turns = SaveTurns()

  var isPrimary: Bool { ranks.isPrimary }

  /// The error of a message that no version of this library sends.
  static var malformed: CoppiceError {
    CoppiceError(
      .usageMessage,
      "another rank sent a message about a run that this version of the library doesn't know; all ranks need the same "
        + "version")
  }
}
