/// What no case can show, and the test that shows it: target, file and function.
enum Conduct {
  /// Rules that bind programs rather than files.
  static let rules: [String: String] = {
    var tests: [String: String] = [:]
    for (rules, test) in table { for rule in rules { tests[rule] = test } }
    return tests
  }()

  private static let suite = "ConformanceTests/SuiteTests/passes"

  private static let table: [([String], String)] = [
    // What a path may be called when somebody asks for it.
    (["DIR-39"], "CoppiceTests/Checkpointer/FaultyStepTests/aStepThatLostAFileIsNotTheLatest"),
    (["VAL-11"], "CoppiceTests/SalvageTests/aDamagedTreeHidesNothingElse"),
    (["MOD-17"], "CoppiceModelTests/Trees/KeyTextTests/refusesTextsThatNoKeyHas"),
    // Limits whose breach is larger than a suite should be.
    (["MOD-19"], "CoppiceTests/LimitTests/leavesHaveTheirLimit"),
    (["MOD-21"], "CoppiceTests/LimitTests/textsHaveTheirLimit"),
    // How files are found.
    (["DIR-17", "DIR-28"], "CoppiceTests/ConductTests/keepsToTheDirectoryThatItOpened"),
    (["DIR-18"], "CoppiceFilesTests/Reading/CacheLinkTests/followsTheCachesLinks"),
    // How checkpoints are written, replaced and changed.
    (["DIR-20"], "CoppiceFilesTests/Writing/StagingTests/theTemporaryIsNamedForItsTarget"),
    (["DIR-21", "DIR-24"], "CoppiceFilesTests/StagedOutputTests/leavesWhatIsBeingWritten"),
    (["DIR-22", "DIR-27"], "CoppiceFilesTests/Writing/StagingTests/appearsOnCommitAndNotBefore"),
    (["DIR-23"], "CoppiceFilesTests/Writing/StagingTests/replacesOnlyOnCommit"),
    (["DIR-26"], "CoppiceTests/Checkpoint/CheckpointablesTests/deletingTakesFeaturesAlong"),
    (["DIR-29"], "CoppiceTests/ConductTests/writesNoLinks"),
    (["ARR-43"], "CoppiceTests/RoundTripTests/equalTreesGiveEqualFiles"),
    // What is read for a request.
    (["ARR-24"], "CoppiceTests/ConductTests/takesArraysFromBlocksAlone"),
    (["SHD-12"], "CoppiceTests/ConductTests/readsTheBlocksOfAPartAlone"),
    (["VAL-7"], "CoppiceTests/ConductTests/listsWithoutOpeningArrayFiles"),
    // What every case shows.
    (["VAL-1", "VAL-2", "VAL-5", "VAL-6", "VAL-9"], suite),
    // What the cases of version 0 show together with those of version 1.
    (["V0-25", "V0-26"], "CoppiceTests/Migration/MigrationTests/keepsEverything"),
  ]

  /// Codes whose case would be larger than a suite should be.
  static let codes = [
    "file.too-large": "CoppiceTests/LimitTests/documentsHaveTheirLimit",
    "model.text-too-large": "CoppiceTests/LimitTests/textsHaveTheirLimit",
    "model.too-many-leaves": "CoppiceTests/LimitTests/leavesHaveTheirLimit",
  ]
}
