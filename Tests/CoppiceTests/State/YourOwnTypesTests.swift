import Coppice
import CoppiceTestSupport
import SystemPackage
import Testing

// The code of the article "Your own types": what stands there stands here, and is compared below.

struct Dense: Codable, Equatable {
  var kernel: NDArray
  var bias: [Float]
}

struct Adam: Codable, Equatable {
  var count: Int
  var mu: [String: NDArray]
  var nu: [String: NDArray]
}

struct EmptyState: Codable, Equatable {}

struct TrainState: Codable, Equatable {
  var step: Int
  var params: [String: Dense]
  var optimizer: TreeTuple<Adam, EmptyState?>
  var key: [UInt32]

  enum CodingKeys: String, CodingKey {
    case step, params
    case optimizer = "opt_state"
    case key
  }
}

struct Tuned: Codable {
  var step: Int
  var params: [String: Dense]
  var ema: [String: Dense]?
  var rate: Float

  enum CodingKeys: CodingKey { case step, params, ema, rate }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    step = try container.decode(Int.self, forKey: .step)
    params = try container.decode([String: Dense].self, forKey: .params)
    ema = try container.decodeIfPresent([String: Dense].self, forKey: .ema)
    rate = try container.decodeIfPresent(Float.self, forKey: .rate) ?? 0.001
  }
}

struct CustomTrainState: Codable {
  var step: Int
  var weights: [String: Dense]
  var batchStats: [String: NDArray]
}

struct BFloat16: ArrayElement {
  static var dtype: DType { .bfloat16 }
  var bits: UInt16
}

@Suite struct YourOwnTypesTests {
  private func state() throws -> TrainState {
    let moments = ["kernel": try NDArray([[0.5, 0.25]] as [[Float]])]
    return TrainState(
      step: 7,
      params: ["Dense_0": Dense(kernel: try NDArray([[1, 2]] as [[Float]]), bias: [0.5, -0.5])],
      optimizer: TreeTuple(Adam(count: 7, mu: moments, nu: moments), nil), key: [0, 42])
  }

  @Test func statesBecomeTreesAndComeBack() throws {
    let state = try state()
    let tree = try TreeEncoder().encode(state)
    let loaded = try TreeDecoder().decode(TrainState.self, from: tree)
    #expect(loaded == state)
    #expect(
      tree.leaves.map { "\($0.path) \($0.leaf.dtype) \($0.leaf.shape)" } == [
        "params/Dense_0/kernel float32 [1, 2]", "params/Dense_0/bias float32 [2]",
        "opt_state/0/mu/kernel float32 [1, 2]", "opt_state/0/nu/kernel float32 [1, 2]",
        "key uint32 [2]",
      ])
    // A property that the old state lacks has its default.
    let tuned = try TreeDecoder().decode(Tuned.self, from: tree)
    #expect(tuned.ema == nil)
    #expect(tuned.rate == 0.001)
  }

  @Test func whatTheTreeLacksComesFromATarget() throws {
    let old = try state()
    let tree = try TreeEncoder().encode(old)
    let target = CustomTrainState(step: 0, weights: [:], batchStats: ["mean": try NDArray([0.0])])

    var options = TreeDecoder.Options()
    options.renames = [.init("params", to: "weights")]
    let (state, report) = try TreeDecoder(options: options).decodeWithReport(
      CustomTrainState.self, from: tree, fallback: target)
    print("from the target:", report.fromFallback)
    print("not asked for:", report.unused)

    #expect(state.step == 7)
    #expect(state.weights == old.params)
    #expect(state.batchStats == target.batchStats)
    #expect(report.fromFallback.map(\.description) == ["batchStats/mean"])
    #expect(
      report.unused.map(\.description) == [
        "opt_state/0/count", "opt_state/0/mu/kernel", "opt_state/0/nu/kernel", "key",
      ])
  }

  @Test func arraysTakeAndGiveSwiftNumbers() throws {
    let kernel = try NDArray([[1, 2, 3], [4, 5, 6]] as [[Float]])
    let rows = try kernel.nested(as: [[Float]].self)
    let flat = try kernel.elements(as: Float.self)
    let column = try kernel.slice(0..<2, 1..<2)
    let sum = try kernel.withElements(as: Float.self) { elements in
      elements.indices.reduce(0) { $0 + elements[$1] }
    }

    #expect(rows == [[1, 2, 3], [4, 5, 6]])
    #expect(flat == [1, 2, 3, 4, 5, 6])
    #expect(try column.nested(as: [[Float]].self) == [[2], [5]])
    #expect(sum == 21)

    var next = kernel
    try next.withMutableElements(as: Float.self) { elements in
      for index in elements.indices { elements[index] *= 2 }
    }

    #expect(try next.elements(as: Float.self) == [2, 4, 6, 8, 10, 12])
    #expect(try kernel.elements(as: Float.self) == flat)
    #expect(try NDArray([BFloat16(bits: 0x3F80)]).dtype == .bfloat16)
  }

  @Test func theArticleHasThisCode() throws {
    let article = try Specification.text(
      of: Specification.package.appending("Sources/Coppice/Coppice.docc/YourOwnTypes.md"))
    let source = try Specification.text(of: FilePath(#filePath)).lines
    let blocks = article.split(separator: "```swift\n").dropFirst()
      .compactMap { $0.split(separator: "```").first }
    #expect(blocks.count == 5)
    for block in blocks {
      let block = String(block).lines
      let places = source.indices.filter { source[$0...].starts(with: block) }
      #expect(places.count == 1, "not in the tests: \(block)")
    }
  }
}

extension String {
  /// The lines without their indentation.
  fileprivate var lines: [Substring] {
    split(separator: "\n", omittingEmptySubsequences: true).map { $0.drop { $0 == " " } }
  }
}
