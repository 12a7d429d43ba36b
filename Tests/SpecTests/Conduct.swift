/// The rules that no case can show, each with the test that shows it: target, file and function.
///
/// Chapter 7 names the same rules, and says why there is no case.
enum Conduct {
  /// Rules of limits that are too large for a case, and of what programs do.
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
    // Writing and changing checkpoints.
    (["DIR-21", "DIR-24"], "CoppiceFilesTests/StagedOutputTests/leavesWhatIsBeingWritten"),
    (["DIR-27"], "CoppiceFilesTests/Writing/StagingTests/appearsOnCommitAndNotBefore"),
    (["DIR-29"], "CoppiceTests/ConductTests/writesNoLinks"),
  ]

  /// Codes whose case would be too large for the suite.
  static let codes = [
    "file.too-large": "CoppiceTests/LimitTests/documentsHaveTheirLimit",
    "model.text-too-large": "CoppiceTests/LimitTests/textsHaveTheirLimit",
    "model.too-many-leaves": "CoppiceTests/LimitTests/leavesHaveTheirLimit",
  ]

  /// Codes of foreign formats that neither a case nor a test shows yet: the list only gets shorter.
  static let foreignCodes: Set = [
    "hdf5.chunks", "io.hdf5-write", "keras.missing-weight",
  ]
}
