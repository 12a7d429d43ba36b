import Coppice
import Testing

/// The scenarios of Flax's guide: the checkpoint and the type differ.
struct StateStructureTests {
  struct TrainState: Codable, Equatable {
    var step: Int
    var params: [String: NDArray]
  }

  struct CustomTrainState: Codable, Equatable {
    var step: Int
    var params: [String: NDArray]
    var batchStats: NDArray

    enum CodingKeys: String, CodingKey {
      case step, params
      case batchStats = "batch_stats"
    }
  }

  private func states() throws -> (old: TrainState, new: CustomTrainState) {
    let params = ["bias": try NDArray([-0.001, -0.001, -0.001] as [Float])]
    return (
      TrainState(step: 1, params: params),
      CustomTrainState(step: 1, params: params, batchStats: try NDArray(Array(0..<10)))
    )
  }

  /// Scenario 1: the type asks for less than the checkpoint has.
  @Test func typesMayAskForLess() throws {
    let (old, new) = try states()
    let tree = try TreeEncoder().encode(new)
    #expect(try TreeDecoder().decode(TrainState.self, from: tree) == old)
  }

  /// Scenario 2: the checkpoint lacks what the type asks for.
  @Test func theCheckpointMayHaveLess() throws {
    let (old, new) = try states()
    let tree = try TreeEncoder().encode(old)
    let error = refusal(of: CustomTrainState.self, from: tree)
    #expect(error?.location.treePath == "batch_stats")
    #expect(error?.message.contains(#"no "batch_stats""#) == true)
    var target = new
    target.step = 0
    target.params = [:]
    let (value, report) = try TreeDecoder().decodeWithReport(
      CustomTrainState.self, from: tree, fallback: target)
    #expect(value == new)
    #expect(report.fromFallback.map(\.description) == ["batch_stats"])
    #expect(report.unused == [])
    #expect(
      try TreeDecoder().decode(CustomTrainState.self, from: tree, fallback: target) == new)
    // A part of it is enough.
    struct Added: Encodable { var batch_stats: NDArray }
    #expect(
      try TreeDecoder().decode(
        CustomTrainState.self, from: tree, fallback: Added(batch_stats: new.batchStats)) == new)
  }

  private enum Schedule: Codable, Equatable {
    case constant(rate: Float)
    case cosine(rate: Float, steps: Int)
  }

  private struct Layer: Codable, Equatable {
    var weight: [Float]
    var scale: Float
  }

  private struct Deep: Codable, Equatable {
    var schedule: Schedule
    var layers: [Layer]
  }

  @Test func fallbacksReachIntoSequencesButAddNoElements() throws {
    let target = Deep(
      schedule: .cosine(rate: 9, steps: 9),
      layers: (0..<3).map { Layer(weight: [Float($0)], scale: 9) })
    let layer: Tree<NDArray> = .keyed(["weight": .array([5] as [Float])])
    for layers: Tree<NDArray> in [.list([layer]), .tuple([layer]), .keyed(["0": layer])] {
      let tree: Tree<NDArray> = .keyed([
        "schedule": .keyed(["cosine": .keyed(["rate": .number(0.5)])]), "layers": layers,
      ])
      let (value, report) = try TreeDecoder().decodeWithReport(
        Deep.self, from: tree, fallback: target)
      #expect(
        value
          == Deep(
            schedule: .cosine(rate: 0.5, steps: 9), layers: [Layer(weight: [5], scale: 9)]))
      #expect(
        report.fromFallback.map(\.description) == ["schedule/cosine/steps", "layers/0/scale"])
    }
  }

  @Test func fallbacksDoNotAddAnotherCase() throws {
    let target = Deep(schedule: .cosine(rate: 9, steps: 9), layers: [])
    let tree: Tree<NDArray> = .keyed([
      "schedule": .keyed(["constant": .keyed(["rate": .number(0.5)])]), "layers": .list([]),
    ])
    let value = try TreeDecoder().decode(Deep.self, from: tree, fallback: target)
    #expect(value.schedule == .constant(rate: 0.5))
  }

  @Test func noneIsAValueThatTheCheckpointHas() throws {
    struct Optionals: Codable, Equatable { var a: Int?, b: Int? }
    let value = try TreeDecoder().decode(
      Optionals.self, from: .keyed(["a": .none]), fallback: Optionals(a: 1, b: 2))
    #expect(value == Optionals(a: nil, b: 2))
  }

  @Test func renamedNodesAreFound() throws {
    let (old, new) = try states()
    let tree: Tree<NDArray> = .keyed([
      "step": .integer(1), "model": .keyed(["weights": try TreeEncoder().encode(old.params)]),
      "stats": .leaf(new.batchStats),
      "left": .keyed(["b": .integer(1)]),
    ])
    var options = TreeDecoder.Options()
    options.renames = [
      .init("model/weights", to: "params"), .init("stats", to: "batch_stats"),
      .init("absent", to: "elsewhere"), .init("left", to: "a/b/c"),
    ]
    let (value, report) = try TreeDecoder(options: options).decodeWithReport(
      CustomTrainState.self, from: tree)
    #expect(value == new)
    // Errors give paths in terms of the tree, not of the renamed type.
    struct Wrong: Decodable { var params: [String: Int] }
    #expect(
      refusal(of: Wrong.self, from: tree, options)?.location.treePath == "model/weights/bias")
    #expect(report.unused.map(\.description) == ["left/b"])
    options.renames = [.init("stats", to: "step")]
    #expect(
      refusal(of: TrainState.self, from: tree, options)?.message.contains("that is taken") == true)
  }

  @Test func renamesReachIntoListsAndRecords() throws {
    let tree: Tree<NDArray> = .tuple([
      .record(.init(type: "Adam", fields: [.init("mu", .integer(1))])), .dict([.init(7, .none)]),
    ])
    struct State: Codable, Equatable { var momentum: Int }
    var options = TreeDecoder.Options()
    options.renames = [.init("0/mu", to: "0/momentum")]
    let value = try TreeDecoder(options: options).decode(
      TreeTuple<State, [Int: Int?]>.self, from: tree)
    #expect(value == TreeTuple(State(momentum: 1), [7: nil]))
  }
}
