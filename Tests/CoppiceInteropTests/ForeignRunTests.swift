import Coppice
import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// A `Checkpointer` over runs that Orbax's managers made.
struct ForeignRunTests {
  private func run(_ name: String) throws -> Checkpointer {
    let path = FilePath(Specification.package.string + "/fixtures/foreign/" + name + "/input/run")
    return try Checkpointer(path, options: .readOnly(opening: OpenOptions(formats: .all)))
  }

  @Test func listsAndLoadsStepsOfAManager() async throws {
    let manager = try run("orbax-0.6/0.6.4-manager")
    #expect(manager.checkpoints.map(\.step) == [1000, 1500])
    #expect(manager.checkpoints.map(\.name) == ["checkpoint_00001000", "checkpoint_00001500"])
    #expect(manager.latest?.metrics?["loss"] == 1500.5)
    #expect(manager.best(by: .minimum("loss"))?.step == 1000)
    #expect(manager.rootMetadata != nil)
    let tree = try await manager.load(step: 1000)
    #expect(!tree.leaves.isEmpty)
    let names = try await manager.checkpointablesMetadata().content.map(\.name)
    #expect(names.contains("default"))
    #expect(!manager.shouldSave(step: 2000))
  }

  @Test func namesAreChosen() throws {
    #expect(try run("orbax-0.12/v0-manager").checkpoints.map(\.name) == ["run_42"])
    let path = FilePath(
      Specification.package.string + "/fixtures/foreign/orbax-0.12/v0-manager/input/run")
    var options = CheckpointerOptions.readOnly(opening: OpenOptions(formats: .all))
    options.stepNames = .standard(prefix: "run")
    #expect(try Checkpointer(path, options: options).latest?.step == 42)
    options.stepNames = .standard()
    #expect(try Checkpointer(path, options: options).latest == nil)
  }

  @Test func interruptedSavesArePassedOver() throws {
    let manager = try run("orbax-0.12/v0-manager-tmp")
    #expect(manager.checkpoints.map(\.step) == [3, 4])
    #expect(manager.warnings.contains { $0.code.rawValue == "orbax.temporary-directory" })
  }

  @Test func partsAreLoaded() async throws {
    let manager = try run("orbax-0.12/v0-manager")
    let parts = try await manager.loadCheckpointables(["config": nil, "state": nil])
    #expect(parts.names == ["config", "state"])
    #expect(try !parts.tree("state").leaves.isEmpty)
  }

  /// Coppice writes no steps into a run of another format.
  @Test func othersRunsAreNotWrittenTo() throws {
    let directory = try TemporaryDirectory()
    let source =
      Specification.package.string + "/fixtures/foreign/orbax-0.6/0.6.4-manager/input/run"
    let copy = directory("run")
    try #require(ShellCommand.run("cp", "-r", source, copy.string).status == 0)
    var options = CheckpointerOptions()
    options.opening = OpenOptions(formats: .all)
    #expect(code { _ = try Checkpointer(copy, options: options) } == "usage.choice")
    #expect(ShellCommand.run("diff", "-r", source, copy.string).status == 0)
  }
}
