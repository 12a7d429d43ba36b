import CoppiceFiles
import CoppiceModel
import CoppiceOrbax
import Testing

/// Errors name files from the checkpoint's root on, or from the run's.
@Suite struct PlaceTests {
  private let handlers = #"{"item_handlers": {"state": "x.PyTreeHandler"}}"#

  /// A run with one step, whose item has one array.
  private func run(_ name: String = "w") throws -> SampleDirectory {
    let run = try SampleDirectory(
      "run",
      [
        "7/_CHECKPOINT_METADATA": handlers,
        "7/state/_METADATA": treeMetadata([(path: [name], type: "jax.Array")]),
      ])
    for file in arrayFiles("7/state/w", int32: [1, 2]) { try run.write(file.path, file.bytes) }
    return run
  }

  private func error(_ run: SampleDirectory) -> CoppiceError? {
    #expect(throws: CoppiceError.self) {
      guard case .steps(let steps) = try run.open(),
        case .named(let items) = try steps.steps[0].open().root
      else { return }
      for case .tree(let tree) in try items.map({ try $0.value }) {
        for leaf in tree.leaves { _ = try leaf.leaf.source.load() }
      }
    }
  }

  @Test func namesTheStepAndTheItemOfAChunk() throws {
    let run = try run()
    try run.write("7/state/w/0", [1, 2, 3] as [UInt8])
    let error = error(run)
    #expect(error?.code.rawValue == "zarr.chunk-size")
    #expect(error?.location.file == "7/state/w/0")
  }

  @Test func namesTheStepAndTheItemOfAMissingArray() throws {
    let error = error(try run("v"))
    #expect(error?.code.rawValue == "orbax.missing-array")
    #expect(error?.location.file == "7/state/v")
    #expect(error?.location.treePath == "v")
  }

  @Test func namesAnArrayThatLeadsOutOnce() throws {
    let error = error(try run("../../w"))
    #expect(error?.code.rawValue == "file.outside")
    #expect(error?.location == .init(file: "7/state/_METADATA"))
    #expect(error?.message.contains("../../w") == true)
  }

  @Test func refusesAnItemThatIsAFile() throws {
    let sample = try SampleDirectory(
      "ckpt", ["_CHECKPOINT_METADATA": handlers, "state": "../elsewhere"])
    #expect(sample.errorCode() == "file.kind")
  }

  /// Either version is found, whichever the metadata speak of.
  @Test(arguments: [true, false])
  func findsAnArrayOfTheOtherVersion(_ saysVersion3: Bool) throws {
    let members = #", "use_zarr3": \#(saysVersion3)"#
    let sample = try SampleDirectory(
      "ckpt", ["_METADATA": treeMetadata([(path: ["w"], type: "jax.Array")], members)])
    for file in arrayFiles("w", int32: [7]) { try sample.write(file.path, file.bytes) }
    #expect(try sample.tree().leaves.map(\.path.description) == ["w"])
  }
}
