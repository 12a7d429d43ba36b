import Coppice
import CoppiceTestSupport
import Testing

/// The checkpointables of a save, by names that are known at run time.
struct NamedValuesTests {
  @Test func aLiteralKeepsItsOrderAndADictionaryIsSortedByBytes() {
    let literal: NamedValues<Int> = ["b": 1, "a": 2]
    #expect(literal.map(\.name) == ["b", "a"])
    #expect(NamedValues(["é": 1, "z": 2, "a": 3]).map(\.name) == ["a", "z", "é"])
  }

  @Test func subscriptsAppendReplaceAndRemove() {
    var values: NamedValues<Int> = ["a": 1]
    values["b"] = 2
    values["a"] = 3
    #expect(values.map(\.value) == [3, 2])
    values["a"] = nil
    values["none"] = nil
    #expect(values.map(\.name) == ["b"])
  }

  /// Swift's own comparison takes the two spellings of é for one; a checkpoint's names are bytes.
  @Test func namesAreEqualByteForByte() {
    var values = NamedValues<Int>()
    values["caf\u{e9}"] = 1
    values["cafe\u{301}"] = 2
    #expect(values.count == 2)
    #expect(values["caf\u{e9}"] == 1)
  }

  @Test func aRunIsClosedWhateverTheClosureDoes() async throws {
    struct Stop: Error {}
    let directory = try TemporaryDirectory()
    let tree: Tree<NDArray> = ["w": .leaf(try NDArray([1, 2] as [Float]))]
    await #expect(throws: Stop.self) {
      try await Checkpointer.withRun(at: directory("run")) { run in
        _ = try await run.saveAsync(step: 1, tree)
        throw Stop()
      }
    }
    let kept = try await Checkpointer.withRun(at: directory("run")) { $0.checkpoints.map(\.step) }
    #expect(kept == [1])
  }
}
