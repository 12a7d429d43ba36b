import Coppice
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// The article *Coming from Flax*, and the scenarios of Flax's guide that it tells of.
struct FlaxArticleTests {
  struct TrainState: Codable, Equatable {
    var step: Int
    var params: [String: NDArray]
    var momentum: [NDArray?]
  }

  /// The guide's state with one field more.
  struct CustomTrainState: Codable, Equatable {
    var step: Int
    var params: [String: NDArray]
    var momentum: [NDArray?]
    var batchStats: NDArray
  }

  private func states() throws -> (TrainState, CustomTrainState) {
    let params = ["bias": try NDArray([-0.001, -0.001, -0.001] as [Float])]
    let counts = try NDArray((0..<10).map { Int64($0) })
    return (
      TrainState(step: 1, params: params, momentum: [nil, nil]),
      CustomTrainState(step: 0, params: params, momentum: [nil, nil], batchStats: counts)
    )
  }

  @Test func aTargetMayWantLess() async throws {
    let directory = try TemporaryDirectory()
    let path = directory("5")
    let (_, custom) = try states()

    try await Checkpoint.save(custom, to: path)
    let plain = try await Checkpoint.load(TrainState.self, from: path)

    #expect(plain == TrainState(step: 0, params: custom.params, momentum: [nil, nil]))
  }

  @Test func aTargetMayWantMore() async throws {
    let directory = try TemporaryDirectory()
    let old = directory("4")
    let (state, target) = try states()
    try await Checkpoint.save(state, to: old)
    let error = await fault { try await Checkpoint.load(CustomTrainState.self, from: old) }
    #expect(error?.code.rawValue == "state.coding")
    #expect(error?.description.contains("batchStats") ?? false)

    let restored = try await Checkpoint.load(
      CustomTrainState.self, from: old, options: .init(missing: .fallback(target)))

    #expect(restored.step == 1)
    #expect(restored.batchStats == target.batchStats)
  }

  /// The guide's legacy restore without a target: lists are dictionaries with numbers as keys.
  @Test func dictionariesOfNumbersAreLists() throws {
    let tree: Tree<NDArray> = .dict([
      .init("step", .value(.int(IntegerText(1)))), .init("params", .dict([])),
      .init(
        "momentum", .dict([.init("0", .value(.null)), .init("1", .value(.null))])),
    ])
    let state = try TreeDecoder().decode(TrainState.self, from: tree)
    #expect(state == TrainState(step: 1, params: [:], momentum: [nil, nil]))
  }

  /// `max_to_keep=2`, five saves: the guide lists the directories 4 and 3.
  @Test(arguments: [
    (PreservationPolicy.latest(2), ["3", "4"]), (.flax(keep: 2), ["3", "4"]),
    (.any([.latest(2), .every(steps: 3)]), ["0", "3", "4"]),
  ])
  func twoOfFiveAreKept(_ policy: PreservationPolicy, _ kept: [String]) async throws {
    let directory = try TemporaryDirectory()
    let (state, _) = try states()
    let options = CheckpointerOptions(preservation: policy)
    let checkpointer = try Checkpointer(directory("managed"), options: options)
    let tree = try TreeEncoder().encode(state)
    for step in 0..<5 { try await checkpointer.save(step: step, tree).get() }
    try await checkpointer.close()
    #expect(checkpointer.checkpoints.map(\.name) == kept)
    #expect(checkpointer.latest?.step == 4)
  }

  @Test func theCodeIsThatOfTheArticle() throws {
    let strays = try ArticleCode.strays(
      of: "ComingFromFlax.md", from: FilePath(#filePath), minimum: 3)
    #expect(strays == [])
  }
}
