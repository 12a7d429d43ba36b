import CoppiceFiles
import CoppiceModel
import CoppiceOrbax
import SystemPackage
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Recognition of layouts, on small directories made by the tests.
struct LayoutTests {
  private let tree = treeMetadata([(["a"], "None")])

  private func recognizes(_ sample: SampleDirectory) throws -> Bool {
    try OrbaxCheckpoint.recognizes(DirectoryHandle(opening: sample.path))
  }

  private func link(_ sample: SampleDirectory, _ name: String, to target: String) throws {
    let path = sample.path.appending(name).string
    #expect(unsafe symlink(target, path) == 0)
  }

  @Test func leavesOtherDirectoriesAlone() throws {
    for files in [
      [:], ["notes.txt": "x"], ["coppice.json": "{}"],
      ["checkpoint": "model_checkpoint_path: \"x\""],
      ["checkpoint_3": "x"], ["5/notes.txt": "x"], ["metadata": "not JSON"], ["a/b/c": "x"],
      ["metadata/notes.txt": "x"],
    ] {
      let sample = try SampleDirectory("sample", files)
      #expect(try !recognizes(sample), "\(files)")
      #expect(sample.errorCode() == "orbax.unrecognized", "\(files)")
    }
  }

  @Test func namesTheCheckpointsNearby() throws {
    let sample = try SampleDirectory(
      "runs", ["best/_METADATA": tree, "best/_CHECKPOINT_METADATA": "{}"])
    do {
      _ = try sample.open()
      Issue.record("no error")
    } catch let error as CoppiceError {
      #expect(error.message.contains("\"best\""))
    }
  }

  @Test(arguments: [
    "5.orbax-checkpoint-tmp", "5.orbax-checkpoint-tmp-1699999999999999",
    "ckpt.partial_save", "ckpt.partial_save.pending_17_ab",
  ])
  func refusesUnfinishedSaves(_ name: String) throws {
    let sample = try SampleDirectory(name, ["state/_METADATA": tree, "orbax.checkpoint": ""])
    #expect(try recognizes(sample))
    #expect(sample.errorCode() == "orbax.incomplete")
  }

  @Test func listsStepsInOrderAndPassesOverLeavings() throws {
    let sample = try SampleDirectory(
      "run",
      [
        "10/_CHECKPOINT_METADATA": "{}", "9/_CHECKPOINT_METADATA": "{}",
        "11.orbax-checkpoint-tmp-3/state/_METADATA": tree, "tensorboard/events.0": "x",
        "notes.txt": "x",
      ])
    guard case .steps(let steps) = try sample.open() else {
      Issue.record("no steps")
      return
    }
    #expect(steps.steps.map(\.number) == [9, 10])
    #expect(steps.warnings.map(\.code.rawValue) == ["orbax.temporary-directory"])
    #expect(throws: CoppiceError.self) { try steps.steps[0].open() }
  }

  @Test func aRunWithoutStepsIsEmpty() throws {
    let sample = try SampleDirectory("run", ["metadata/_ROOT_METADATA": "{}"])
    #expect(try recognizes(sample))
    #expect(sample.errorCode() == "orbax.empty")
  }

  @Test func readsRootMetadataOfAllVersions() throws {
    for (file, text) in [
      ("metadata", #"{"v": 1}"#), ("_ROOT_METADATA", #"{"custom": {"v": 1}}"#),
      ("_ROOT_METADATA", #"{"internal_metadata": {}, "custom_metadata": {"v": 1}}"#),
    ] {
      let sample = try SampleDirectory(
        "run", ["1/_CHECKPOINT_METADATA": "{}", "metadata/" + file: text])
      guard case .steps(let steps) = try sample.open() else {
        Issue.record("no steps")
        return
      }
      let expected = JSON.object([
        .init("custom_metadata", .object([.init("v", .number("1"))]))
      ])
      #expect(steps.rootMetadata == expected, "\(text)")
    }
  }

  /// Where items are named like steps, the checkpoint's own metadata tell the difference.
  @Test func itemsMayBeNumbered() throws {
    let sample = try SampleDirectory(
      "ckpt", ["layer_1/_METADATA": tree, "layer_2/_METADATA": tree, "_CHECKPOINT_METADATA": "{}"])
    guard case .named(let items) = try sample.contents().root else {
      Issue.record("not named")
      return
    }
    #expect(items.map(\.name) == ["layer_1", "layer_2"])
  }

  @Test func itemsComeInTheOrderOfTheMetadata() throws {
    let metadata =
      #"{"item_handlers": {"b": "x.PyTreeHandler", "gone": "x.PyTreeHandler", "#
      + #""a": "x.StatefulCheckpointableHandler", "../up": null}}"#
    let sample = try SampleDirectory(
      "ckpt",
      [
        "b/_METADATA": tree, "a/data.json": "{", "a/sub/.hidden": "x", "a/commit_success.txt": "",
        "_CHECKPOINT_METADATA": metadata, "unlisted/file": "x", "later/_METADATA": tree,
        "descriptor/descriptor.pbtxt": "x",
      ])
    let contents = try sample.contents()
    guard case .named(let items) = contents.root, case .files(let files) = try items[1].value else {
      Issue.record("\(contents)")
      return
    }
    #expect(items.map(\.name) == ["b", "a", "later"])
    #expect(files.map(\.path) == ["data.json", "sub/.hidden"])
    #expect(
      contents.warnings.map(\.code.rawValue) == [
        "orbax.item-absent", "orbax.item-absent", "orbax.unlisted-directory",
        "orbax.no-commit-marker",
      ])
  }

  @Test func saysWhatAnItemHasLost() throws {
    for (handler, code) in [
      ("PyTreeHandler", "orbax.missing-metadata"), ("JsonHandler", "orbax.missing-json"),
      ("JaxRandomKeyCheckpointHandler", "orbax.missing-metadata"),
    ] {
      let sample = try SampleDirectory(
        "ckpt",
        [
          "a/commit_success.txt": "",
          "_CHECKPOINT_METADATA": #"{"item_handlers": {"a": "orbax.\#(handler)"}}"#,
        ])
      #expect(sample.errorCode() == code)
    }
  }

  @Test func aCheckpointThatLostAllItemsIsEmpty() throws {
    let sample = try SampleDirectory(
      "ckpt",
      [
        "_CHECKPOINT_METADATA": #"{"item_handlers": {"a": "x.PyTreeHandler", "metrics": null}}"#,
        "metrics/metrics": #"{"loss": 1}"#,
      ])
    #expect(sample.errorCode() == "orbax.empty")
  }

  @Test func unknownMembersBecomeCustomMetadata() throws {
    let sample = try SampleDirectory(
      "ckpt",
      [
        "_METADATA": tree,
        "_CHECKPOINT_METADATA":
          #"{"custom_metadata": {"a": 1}, "later": NaN, "init_timestamp_nsecs": 1795216468346971731, "#
          + #""commit_timestamp_nsecs": null, "metrics": {"loss": 2}, "performance_metrics": {"x": 1}}"#,
      ])
    let contents = try sample.contents()
    #expect(
      contents.custom == .object([.init("a", .number("1")), .init("later", .number("NaN"))]))
    #expect(contents.metrics == .object([.init("loss", .number("2"))]))
    #expect(contents.initTime?.nanoseconds == 1_795_216_468_346_971_731)
    #expect(contents.commitTime == nil)
  }

  @Test func readsATreesOwnMetadata() throws {
    let own = treeMetadata([(["a"], "None")], #", "custom_metadata": {"k": "v"}"#)
    let direct = try SampleDirectory("ckpt", ["_METADATA": own])
    #expect(try direct.contents().custom == .object([.init("k", .string("v"))]))
    let composite = try SampleDirectory(
      "ckpt", ["state/_METADATA": own, "_CHECKPOINT_METADATA": "{}"])
    #expect(try composite.contents().warnings.map(\.code.rawValue) == ["orbax.metadata-dropped"])
  }

  @Test func aDirectCheckpointIsWhatItsHandlerSays() throws {
    func root(_ handler: String, _ files: [String: String]) throws -> Checkpointable {
      var files = files
      files["_CHECKPOINT_METADATA"] = #"{"item_handlers": "orbax.\#(handler)"}"#
      guard case .unnamed(let item) = try SampleDirectory("ckpt", files).contents().root else {
        throw SampleDirectory.NotACheckpoint()
      }
      return item
    }
    guard case .json(.array([])) = try root("JsonCheckpointHandler", ["own.json": "[]"]),
      case .files(let files) = try root("ProtoCheckpointHandler", ["proto.pbtxt": "x"]),
      case .composite(let items) = try root(
        "JaxRandomKeyCheckpointHandler",
        ["jax_random_key/_METADATA": tree, "jax_random_key_metadata/metadata": "{}"])
    else {
      Issue.record("misread")
      return
    }
    #expect(files.map(\.path) == ["proto.pbtxt"])
    #expect(items.map(\.name) == ["jax_random_key", "jax_random_key_metadata"])
  }

  /// The array handlers of versions without `_METADATA`.
  @Test func readsAnArrayByItself() throws {
    let sample = try SampleDirectory("ckpt", ["_CHECKPOINT_METADATA": "{}", "_sharding": "{}"])
    for file in arrayFiles("checkpoint", int32: [7]) { try sample.write(file.path, file.bytes) }
    #expect(try sample.tree().leaves.map(\.path.description) == ["checkpoint"])
  }

  @Test func rebuildsTheStructureOnlyWhereNoneWasWritten() throws {
    let sample = try SampleDirectory()
    for name in ["p.w", "p.b", "x"] {
      for file in arrayFiles(name, int32: [7]) { try sample.write(file.path, file.bytes) }
    }
    #expect(Set(try sample.tree().leaves.map(\.path.description)) == ["p/w", "p/b", "x"])
    #expect(
      try sample.contents().warnings.map(\.code.rawValue) == ["orbax.structure-from-names"])
    try sample.write("_sharding", "{}")
    #expect(sample.errorCode() == "orbax.missing-metadata")
  }

  @Test func linksThatLeadOutAreRefusedNotPassedOver() throws {
    let outside = try SampleDirectory("outside", ["_METADATA": tree])
    let item = try SampleDirectory(
      "ckpt",
      [
        "b/_METADATA": tree,
        "_CHECKPOINT_METADATA": #"{"item_handlers": {"a": "x.PyTreeHandler", "b": null}}"#,
      ])
    try link(item, "a", to: outside.path.string)
    #expect(item.errorCode() == "file.symlink")
    let dangling = try SampleDirectory("ckpt", ["b/_METADATA": tree, "_CHECKPOINT_METADATA": "{}"])
    try link(dangling, "a", to: "nowhere")
    #expect(dangling.errorCode() == "file.missing")
    let metadata = try SampleDirectory("ckpt", ["_CHECKPOINT_METADATA": "{}"])
    try link(metadata, "_METADATA", to: outside.path.appending("_METADATA").string)
    #expect(metadata.errorCode() == "file.symlink")
    let files = try SampleDirectory(
      "ckpt",
      ["a/x": "x", "_CHECKPOINT_METADATA": #"{"item_handlers": {"a": "x.StatefulHandler"}}"#])
    try link(files, "a/y", to: outside.path.appending("_METADATA").string)
    #expect(files.errorCode() == "file.symlink")
    let step = try SampleDirectory("run", ["1/_CHECKPOINT_METADATA": "{}", "1/a/_METADATA": tree])
    try link(step, "2", to: outside.path.string)
    try link(step, "latest", to: "1")
    guard case .steps(let steps) = try step.open() else {
      Issue.record("no steps")
      return
    }
    #expect(steps.steps.map(\.number) == [1, 2])
    _ = try steps.steps[0].open()
    #expect(throws: CoppiceError.self) { try steps.steps[1].open() }
  }
}
