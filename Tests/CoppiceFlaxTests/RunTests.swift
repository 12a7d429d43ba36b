import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

@testable import CoppiceFlax

/// Directories of steps, as `save_checkpoint` names them.
struct RunTests {
  private func run(_ files: [String]) throws -> (TemporaryDirectory, CheckpointRun?) {
    let directory = try TemporaryDirectory()
    for file in files {
      // {"a": 1}
      try OutputFile.create(directory(file), holding: [0x81, 0xA1, 0x61, 1], durability: .buffered)
    }
    let steps = try FlaxMsgpack.openRun(
      try DirectoryHandle(opening: directory.path), limits: .standard
    ) { (_, _) throws(CoppiceError) in throw CoppiceError(.flaxExtension, "no array") }
    return (directory, steps)
  }

  @Test func ordersStepsByNumber() throws {
    let (directory, steps) = try run([
      "checkpoint_9", "checkpoint_10", "checkpoint_1e3", "checkpoint_-1",
    ])
    #expect(steps?.steps.map(\.number) == [-1, 9, 10, 1000])
    #expect(
      steps?.steps.map(\.name)
        == ["checkpoint_-1", "checkpoint_9", "checkpoint_10", "checkpoint_1e3"])
    let last = try steps?.steps.last?.open()
    #expect(last?.step == 1000)
    withExtendedLifetime(directory) {}
  }

  @Test func passesOverStepsThatAreNoIntegers() throws {
    let (_, steps) = try run(["checkpoint_0.5", "checkpoint_2"])
    #expect(steps?.steps.map(\.number) == [2])
    #expect(steps?.warnings.map(\.code.rawValue) == ["flax.step-number"])
  }

  @Test func prefersTheStandardPrefix() throws {
    let (_, steps) = try run(["best_1", "best_2", "checkpoint_3"])
    #expect(steps?.steps.map(\.name) == ["checkpoint_3"])
    #expect(steps?.warnings.map(\.code.rawValue) == ["flax.other-prefix"])
    let (_, other) = try run(["best_1", "best_2"])
    #expect(other?.steps.map(\.name) == ["best_1", "best_2"])
  }

  @Test func otherDirectoriesAreNoRuns() throws {
    let (directory, steps) = try run([])
    #expect(steps == nil)
    try OutputFile.create(
      directory("chapter_1"), holding: Array("Call me".utf8), durability: .buffered)
    let handle = try DirectoryHandle(opening: directory.path)
    let none = try FlaxMsgpack.openRun(handle, limits: .standard) {
      (_, _) throws(CoppiceError) in throw CoppiceError(.flaxExtension, "no array")
    }
    #expect(none == nil)
  }

  @Test(arguments: [
    ("checkpoint_20", "checkpoint_", "20"), ("float_0.5", "float_", "0.5"),
    ("x_1e-3", "x_", "1e-3"), ("a-7", "a", "-7"), ("run7.", "run", "7."),
  ])
  func splitsNames(_ name: String, _ prefix: String, _ number: String) throws {
    let split = try #require(FlaxStepName(name))
    #expect(split.prefix == prefix)
    #expect(split.text == number)
  }

  @Test(arguments: ["20", "checkpoint_", "model.msgpack", "", "e"])
  func otherNamesHaveNoStep(_ name: String) { #expect(FlaxStepName(name) == nil) }
}
