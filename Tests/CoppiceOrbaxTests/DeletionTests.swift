import CoppiceFiles
import CoppiceModel
import CoppiceOrbax
import SystemPackage
import Testing

/// A deletion that Orbax 0.12.8 began and did not finish: its record is `_CHECKPOINT_DELETION`, beside the
/// item that goes, in the form of `DeletionRecord` there.
struct DeletionTests {
  private let sample: SampleDirectory

  init() throws {
    sample = try SampleDirectory()
    try sample.write("orbax.checkpoint", "")
    try sample.write("commit_success.txt", "")
    try sample.write(
      "_CHECKPOINT_METADATA",
      #"{"item_handlers": {"state": "a.JsonHandler", "ema": "a.JsonHandler"}, "metrics": {}}"#)
    for item in ["state", "ema"] { try sample.write(item + "/data.json", #"{"name": "\#(item)"}"#) }
  }

  private func record(_ name: String) throws {
    try sample.write(
      "_CHECKPOINT_DELETION",
      """
      {"checkpointable_name": "\(name)", "destination": null,
       "operation_id": "0123456789abcdef0123456789abcdef",
       "original_metadata": {"item_handlers": {"state": "a.JsonHandler", "ema": "a.JsonHandler"}, "metrics": {}},
       "updated_metadata": {"item_handlers": {"state": "a.JsonHandler"}, "metrics": {}}}
      """)
  }

  private func names(_ contents: CheckpointContents) -> [String] {
    guard case .named(let items) = contents.root else { return [] }
    return items.map(\.name)
  }

  @Test func theItemThatGoesIsHidden() throws {
    try record("ema")
    let contents = try sample.contents()
    #expect(names(contents) == ["state"])
    #expect(contents.warnings.map(\.code.rawValue) == ["orbax.deletion"])
    #expect(contents.hidden.map(\.name) == ["ema"])
    #expect(contents.hidden[0].reason.message.contains("is being deleted"))
  }

  /// The last step of a deletion is to remove the record; the item may have gone before.
  @Test func anItemThatHasGoneIsNotMissed() throws {
    try record("ema")
    try OutputDirectory.remove(sample.path.appending("ema"))
    let contents = try sample.contents()
    #expect(names(contents) == ["state"])
    #expect(contents.hidden.map(\.name) == ["ema"])
  }

  @Test(arguments: ["{", "[]", #"{"operation_id": "1"}"#, ""])
  func aRecordThatNamesNothingHidesNothing(_ text: String) throws {
    try sample.write("_CHECKPOINT_DELETION", text)
    let contents = try sample.contents()
    #expect(names(contents) == ["state", "ema"])
    #expect(contents.warnings.map(\.code.rawValue) == ["orbax.deletion"])
  }
}
