/// The rules that no case can show, each with the test that shows it: target, file and function.
enum Conduct {
  /// Rules that bind programs rather than files.
  static let rules: [String: String] = {
    var tests: [String: String] = [:]
    for (rules, test) in table { for rule in rules { tests[rule] = test } }
    return tests
  }()

  private static let table: [([String], String)] = [
    // Limits whose violation would be too large for the suite.
    (["MOD-19"], "CoppiceTests/LimitTests/leavesHaveTheirLimit"),
    (["MOD-21"], "CoppiceTests/LimitTests/textsHaveTheirLimit"),
    // Finding files.
    (["DIR-17", "DIR-28"], "CoppiceTests/ConductTests/keepsToTheDirectoryThatItOpened"),
    (["DIR-18"], "CoppiceFilesTests/Reading/CacheLinkTests/followsTheCachesLinks"),
    // Writing, replacing and changing checkpoints.
    (["DIR-20"], "CoppiceFilesTests/Writing/StagingTests/theTemporaryIsNamedForItsTarget"),
    (["DIR-21", "DIR-24"], "CoppiceFilesTests/StagedOutputTests/leavesWhatIsBeingWritten"),
    (["DIR-22", "DIR-27"], "CoppiceFilesTests/Writing/StagingTests/appearsOnCommitAndNotBefore"),
    (["DIR-23"], "CoppiceFilesTests/Writing/StagingTests/replacesOnlyOnCommit"),
    (["DIR-26"], "CoppiceTests/Checkpoint/CheckpointablesTests/deletingTakesFeaturesAlong"),
    (["DIR-29"], "CoppiceTests/ConductTests/writesNoLinks"),
    (["ARR-43"], "CoppiceTests/RoundTripTests/equalTreesGiveEqualFiles"),
    // Rules that the cases of version 0 and of version 1 show together.
    (["V0-25", "V0-26"], "CoppiceTests/Migration/MigrationTests/keepsEverything"),
  ]

  /// Codes whose case would be too large for the suite.
  static let codes = [
    "file.too-large": "CoppiceTests/LimitTests/documentsHaveTheirLimit",
    "model.text-too-large": "CoppiceTests/LimitTests/textsHaveTheirLimit",
    "model.too-many-leaves": "CoppiceTests/LimitTests/leavesHaveTheirLimit",
  ]

  /// Codes of foreign formats that neither a case nor a test shows yet: the list only gets shorter.
  static let foreignCodes: Set = [
    "hdf5.chunks", "hdf5.element", "io.hdf5-write", "keras.missing-weight",
  ]
}
