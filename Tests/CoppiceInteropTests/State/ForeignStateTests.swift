import Coppice
import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Checkpoints that Orbax and Flax wrote, as Swift types; the numbers are those of `expected.json`.
struct ForeignStateTests {
  private func tree(_ path: String) throws -> Tree<NDArray> {
    let path = RecognitionTests.fixtures.pushing(FilePath(path))
    return try #require(try opened(path).tree())
  }

  private func strict<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value {
    var options = TreeDecoder.Options()
    options.unused = .refused
    return try TreeDecoder(options: options).decode(type, from: try tree(path))
  }

  private struct Dense: Codable, Equatable {
    var kernel: [[Float]]
    var bias: [Float]
  }

  private struct Params<Layers: Codable & Equatable>: Codable, Equatable {
    var params: Layers
  }

  private struct TwoLayers: Codable, Equatable {
    var first: Dense
    var second: Dense

    enum CodingKeys: String, CodingKey {
      case first = "Dense_0"
      case second = "Dense_1"
    }
  }

  /// Optax's ScaleByAdamState.
  private struct Adam<Moments: Codable & Equatable>: Codable, Equatable {
    var count: Int32
    var mu: Moments
    var nu: Moments
  }

  /// A state without anything in it; Python has None or nothing for it.
  private struct EmptyState: Codable, Equatable {}

  private struct TrainState<Parameters: Codable & Equatable, Optimizer: Codable & Equatable>:
    Codable, Equatable
  {
    var step: Int
    var params: Parameters
    var optimizer: Optimizer

    enum CodingKeys: String, CodingKey {
      case step, params
      case optimizer = "opt_state"
    }
  }

  private typealias FlaxState = TrainState<
    Params<TwoLayers>, TreeTuple<Adam<Params<TwoLayers>>, EmptyState?, EmptyState?>
  >

  /// Orbax has a tuple as a list, named tuples as dictionaries, and empty ones as None.
  @Test func decodesAFlaxTrainState() throws {
    let state = try strict(FlaxState.self, "orbax-0.12/v1-trainstate/input/ckpt")
    #expect(state.step == 4657)
    #expect(
      state.params.params
        == TwoLayers(
          first: Dense(
            kernel: [
              [1.3672699928283691, -2.985672950744629], [-0.17315901815891266, -1.325496792793274],
            ], bias: [-0.8454989194869995, 0.7644522190093994]),
          second: Dense(
            kernel: [
              [-0.8563973307609558, -1.092117190361023],
              [-0.301045686006546, -0.008844454772770405],
            ], bias: [-0.48943576216697693, 0.5548958778381348])))
    let adam = state.optimizer.elements.0
    #expect(adam.count == 4657)
    #expect(adam.mu.params.first.bias == [0.9578360915184021, -1.0235590934753418])
    #expect(adam.mu.params.second.kernel[1] == [-0.7417504787445068, -0.13020408153533936])
    #expect(
      adam.nu.params.first.kernel
        == [
          [-0.37737998366355896, 0.2803877294063568], [0.20978234708309174, 1.1111867427825928],
        ])
    #expect(adam.nu.params.second.bias == [0.9424911141395569, -1.5653624534606934])
    #expect(state.optimizer.elements.1 == nil)
    #expect(try TreeDecoder().decode(FlaxState.self, from: TreeEncoder().encode(state)) == state)
  }

  private typealias DenseOnly = [String: Dense]

  /// Flax's state dictionary has a tuple as a dictionary with the keys 0, 1, and empty states as
  /// empty dictionaries.
  @Test func decodesAStateDictionaryOfFlax() throws {
    let state = try strict(
      TrainState<DenseOnly, TreeTuple<Adam<DenseOnly>, EmptyState>>.self,
      "orbax-0.1/0.1.2-flaxsave/input/run/checkpoint_3")
    #expect(state.step == 3)
    #expect(
      state.params
        == [
          "Dense_0": Dense(
            kernel: [[-0.3396605849266052]],
            bias: [
              -0.9910822510719299, -0.35874366760253906, -0.49740809202194214, -0.6057301163673401,
            ])
        ])
    let adam = state.optimizer.elements.0
    #expect(adam.count == 3)
    #expect(adam.mu["Dense_0"]?.kernel == [[0.8246557116508484]])
    #expect(
      adam.nu["Dense_0"]?.bias
        == [0.40652525424957275, 0.013166198506951332, 0.5711564421653748, -0.3249017894268036])
  }

  private struct Rich: Decodable {
    struct Pair: Decodable {
      var first: [Float]
      var second: Triple
    }

    struct Triple: Decodable {
      var x: Int
      var y: [Float]
      var z: TreeTuple<[Float], NDArray?>
    }

    var t: TreeTuple<[Float], [[Float]]>
    var nt: Pair
    var l: [Double]
    var e: EmptyState
    var n: Int?
    var d: [String: NDArray]
    var el: [NDArray]
    var et: [NDArray]
  }

  /// Records and tuples, where Orbax kept them.
  @Test func decodesRichTypes() throws {
    let rich = try strict(Rich.self, "orbax-0.12/v1-richtypes/input/ckpt")
    #expect(rich.t.elements.0 == [-0.17229485511779785, -2.0081615447998047])
    #expect(rich.t.elements.1 == [[-0.33308637142181396]])
    #expect(rich.nt.first == [-1.910096526145935, 0.4260146915912628])
    #expect(rich.nt.second.x == 1)
    #expect(rich.nt.second.y == [1.4631365537643433])
    #expect(rich.nt.second.z.elements.0 == [-0.5161112546920776, 1.769396185874939])
    #expect(rich.nt.second.z.elements.1 == nil)
    #expect(rich.l == [1, 2.5])
    #expect(rich.n == nil)
    #expect(rich.d.isEmpty && rich.el.isEmpty && rich.et.isEmpty)
  }

  private struct Network: Decodable {
    struct Variable: Decodable { var value: NDArray }
    var l1: [String: Variable]
    var layers: [[String: Variable]]
  }

  /// NNX has lists of modules as dictionaries with integers as keys.
  @Test func decodesNNXState() throws {
    let network = try strict(Network.self, "orbax-0.12/v1-nnx/input/ckpt")
    #expect(network.l1["kernel"]?.value.shape == Shape([3, 4]))
    #expect(
      network.layers.map { $0.keys.sorted() } == [
        ["bias", "kernel"], ["bias", "mean", "scale", "var"],
      ])
  }

  /// The guide's second scenario, on a checkpoint of Flax: statistics were added since.
  @Test func fillsFromATarget() throws {
    struct Custom: Codable {
      var step: Int
      var params: Params<TwoLayers>
      var batchStats: [String: NDArray]

      enum CodingKeys: String, CodingKey {
        case step, params
        case batchStats = "batch_stats"
      }
    }
    struct Added: Encodable { var batch_stats: [String: NDArray] }
    let stats = ["mean": try NDArray(Array(0..<10))]
    let (state, report) = try TreeDecoder().decodeWithReport(
      Custom.self, from: try tree("orbax-0.12/v1-trainstate/input/ckpt"),
      fallback: Added(batch_stats: stats))
    #expect(state.step == 4657)
    #expect(state.batchStats == stats)
    #expect(report.fromFallback.map(\.description) == ["batch_stats/mean"])
    #expect(report.unused.count == 9)
    #expect(report.unused.first?.description == "opt_state/0/count")
  }
}
