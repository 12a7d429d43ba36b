import CoppiceModel
import CoppiceTestSupport
import Testing

/// Each step of model surgery does what it says, or says why not.
struct TreeTransformTests {
  private static func leaf(_ values: [Int], _ dimensions: [Int]? = nil) throws -> Tree<ArrayLeaf> {
    let shape = try #require(Shape(dimensions ?? [values.count]))
    return .leaf(
      ArrayLeaf(
        try NDArray(dtype: .uint8, shape: shape, bytes: values.map { UInt8($0) }),
        sharding: Sharding(device: "cpu:0")))
  }

  /// Two layers of a transformer, scalars beside them, and a vocabulary.
  private static func tree() throws -> Tree<ArrayLeaf> {
    func layer(_ first: Int) throws -> Tree<ArrayLeaf> {
      .dict([
        .init("w", try leaf([first, first + 1, first + 2, first + 3], [2, 2])),
        .init("rate", .value(.float(.init(0.5)))),
        .init(
          "norm", .record(.init(type: "Norm", fields: [.init("scale", try leaf([first, 9]))]))),
      ])
    }
    return .dict([
      .init("layers_0", try layer(0)), .init("layers_1", try layer(10)),
      .init("embed", try leaf([1, 2, 3, 4, 5, 6], [2, 3])),
      .init("list", .list([try leaf([1]), try leaf([2]), try leaf([3])])),
    ])
  }

  private func apply(_ steps: TreeTransform...) throws -> Tree<ArrayLeaf> {
    try steps.apply(to: try Self.tree())
  }

  private func text(_ tree: Tree<ArrayLeaf>) throws -> [String] {
    try tree.leaves.map { path, leaf in
      let bytes = try leaf.source.load().withBytes { $0.copied }
      return "\(path) \(try leaf.metadata.shape) \(bytes)"
    }
  }

  @Test func stacksLayersAndTakesThemApart() throws {
    let stacked = try apply(
      .drop([try PathGlob("list"), try PathGlob("embed")]),
      .stack(["layers_0", "layers_1"], into: "scan/layers"))
    #expect(
      try text(stacked) == [
        "scan/layers/w [2, 2, 2] [0, 1, 2, 3, 10, 11, 12, 13]",
        "scan/layers/norm/scale [2, 2] [0, 9, 10, 9]",
      ])
    #expect(stacked[TreePath([.key("scan"), .key("layers"), .key("rate")])]?.isFloat == true)
    guard
      case .record(let norm)? = stacked[TreePath([.key("scan"), .key("layers"), .key("norm")])]
    else {
      Issue.record("the record is gone")
      return
    }
    #expect(norm.type == "Norm")
    // The stack has no sharding, since those of the layers don't apply to it.
    #expect(try stacked.leaves.allSatisfy { try $0.leaf.metadata.sharding == nil })
    let apart = try TreeTransform.unstack(
      "scan/layers", into: .paths(["layers_0", "layers_1"])
    ).apply(to: stacked)
    let original = try TreeTransform.keep([try PathGlob("layers_*")]).apply(to: try Self.tree())
    #expect(try text(apart) == text(original))
    let list = try TreeTransform.unstack("scan/layers", into: .list("layers")).apply(to: stacked)
    #expect(
      list.leaves.map { "\($0.path)" } == [
        "layers/0/w", "layers/0/norm/scale", "layers/1/w", "layers/1/norm/scale",
      ])
  }

  @Test func stacksAlongLaterAxes() throws {
    let stacked = try apply(
      .keep([try PathGlob("layers_*/w")]), .stack(["layers_1/w", "layers_0/w"], axis: 2, into: "w"))
    // numpy.stack([b, a], axis=2)
    #expect(try text(stacked) == ["w [2, 2, 2] [10, 0, 11, 1, 12, 2, 13, 3]"])
  }

  @Test func joinsAndSplitsAlongAnAxis() throws {
    let joined = try apply(
      .keep([try PathGlob("{embed,layers_0}"), try PathGlob("layers_0/w")]),
      .keep([try PathGlob("embed"), try PathGlob("**/w")]),
      .join(["embed", "layers_0/w"], axis: 1, into: "qkv"))
    // numpy.concatenate([embed, w], axis=1)
    #expect(try text(joined) == ["qkv [2, 5] [1, 2, 3, 0, 1, 4, 5, 6, 2, 3]"])
    let split = try TreeTransform.split(
      "qkv", axis: 1, extents: [1, 4], into: .paths(["a", "b/c"])
    ).apply(to: joined)
    #expect(
      try text(split) == ["a [2, 1] [1, 4]", "b/c [2, 4] [2, 3, 0, 1, 5, 6, 2, 3]"])
  }

  @Test func aWholeListIsStackedInPlace() throws {
    let stacked = try apply(
      .keep([try PathGlob("list")]), .stack(["list/0", "list/1", "list/2"], into: "list"))
    #expect(try text(stacked) == ["list [3, 1] [1, 2, 3]"])
    let back = try TreeTransform.unstack("list", into: .list("list")).apply(to: stacked)
    #expect(try text(back) == ["list/0 [1] [1]", "list/1 [1] [2]", "list/2 [1] [3]"])
  }

  @Test func nestsDropsKeepsAndMerges() throws {
    #expect(
      try apply(.keep([try PathGlob("embed")]), .nest(under: "params/model")).leaves.map {
        "\($0.path)"
      } == ["params/model/embed"])
    #expect(
      try apply(.drop([try PathGlob("layers_*"), try PathGlob("list/1")])).leaves.map {
        "\($0.path)"
      } == ["embed", "list/0", "list/2"])
    #expect(try apply(.drop([try PathGlob("**")])).leafCount == 0)
    let other: Tree<ArrayLeaf> = .dict([
      .init("layers_0", .dict([.init("b", try Self.leaf([7]))])), .init("head", try Self.leaf([8])),
    ])
    let merged = try apply(.keep([try PathGlob("layers_0/w")]), .merge(other))
    #expect(merged.leaves.map { "\($0.path)" } == ["layers_0/w", "layers_0/b", "head"])
  }

  @Test func castsWhatMatches() throws {
    let cast = try apply(.cast([try PathGlob("layers_0")], to: .float16))
    #expect(
      try cast.leaves.map({ try $0.leaf.metadata.dtype }) == [.float16, .float16]
        + Array(repeating: .uint8, count: 6))
    // 0, 1, 2 and 3 in float16.
    #expect(try text(cast).first == "layers_0/w [2, 2] [0, 0, 0, 60, 0, 64, 0, 66]")
  }

  @Test func saysWhyNot() throws {
    let cases: [(TreeTransform, String, String?)] = [
      (.drop([try PathGlob("nope")]), "usage.tree-path", nil),
      (.keep([try PathGlob("nope/*")]), "usage.tree-path", nil),
      (.cast([try PathGlob("nope")], to: .int8), "usage.tree-path", nil),
      (.rename(from: "nope", to: "x"), "usage.tree-path", "nope"),
      (.nest(under: ""), "usage.tree-path", nil),
      (.nest(under: "a//b"), "usage.tree-path", nil),
      (.merge(try Self.tree()), "usage.tree-path", "layers_0/w"),
      (.merge(try Self.leaf([1])), "usage.tree-path", ""),
      (.stack([], into: "x"), "usage.tree-path", nil),
      (.stack(["embed", "embed"], into: "x"), "usage.tree-path", nil),
      (.stack(["embed", "nope"], into: "x"), "usage.tree-path", "nope"),
      (.stack(["layers_0", "list"], into: "x"), "usage.tree-path", "list"),
      (.stack(["layers_0", "embed"], into: "x"), "usage.tree-path", "embed"),
      (.stack(["layers_0/w", "embed"], into: "x"), "usage.shape", "embed"),
      (.stack(["layers_0/w", "layers_1/w"], axis: 3, into: "x"), "usage.shape", "layers_1/w"),
      (.stack(["layers_0/w"], axis: -1, into: "x"), "usage.shape", "layers_0/w"),
      (.stack(["layers_0", "layers_1"], into: "embed"), "usage.tree-path", "embed"),
      (.join(["layers_0/w", "embed"], axis: 0, into: "x"), "usage.shape", "embed"),
      (.unstack("nope", into: .list("x")), "usage.tree-path", "nope"),
      (.unstack("embed", axis: 2, into: .list("x")), "usage.shape", "embed"),
      (.unstack("embed", into: .paths(["a"])), "usage.tree-path", "embed"),
      (.unstack("embed", into: .paths(["a", "list"])), "usage.tree-path", "list"),
      (.unstack("layers_0/rate", into: .list("x")), "usage.tree-path", "layers_0/rate"),
      (.split("embed", extents: [1, 2], into: .list("x")), "usage.shape", "embed"),
      (.split("embed", extents: [], into: .list("x")), "usage.shape", "embed"),
    ]
    for (step, code, place) in cases {
      let error = #expect(throws: CoppiceError.self, "\(step)") { try apply(step) }
      #expect(error?.code.rawValue == code, "\(step): \(error.map(\.description) ?? "")")
      if let place { #expect(error?.location.treePath == place, "\(step)") }
    }
  }

  @Test func valuesThatDifferAreNotStacked() throws {
    let tree: Tree<ArrayLeaf> = .list([
      .value(.bool(true)), .value(.bool(false)), .value(.bool(true)),
    ])
    #expect(throws: CoppiceError.self) {
      try TreeTransform.stack(["0", "1"], into: "x").apply(to: tree)
    }
  }

  @Test func tellsWhetherItFindsItsNodes() throws {
    let tree = try Self.tree()
    #expect(TreeTransform.nest(under: "x").applies(to: tree))
    #expect(TreeTransform.stack(["nope", "embed"], into: "x").applies(to: tree))
    #expect(!TreeTransform.stack(["nope"], into: "x").applies(to: tree))
    #expect(!TreeTransform.rename(from: "nope", to: "x").applies(to: tree))
    #expect(!TreeTransform.drop([try PathGlob("nope")]).applies(to: tree))
    #expect(TreeTransform.unstack("list/0", into: .list("x")).applies(to: tree))
  }
}

extension Tree {
  fileprivate var isFloat: Bool {
    if case .value(.float) = self { return true }
    return false
  }
}
