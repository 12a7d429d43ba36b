import CoppiceModel
import CoppiceTestSupport
import Testing

/// Keys that are paths become levels, and levels become such keys.
struct KeySplittingTests {
  private static func leaf(_ value: UInt8) throws -> Tree<ArrayLeaf> {
    .leaf(ArrayLeaf(try NDArray(dtype: .uint8, shape: #require(Shape([1])), bytes: [value])))
  }

  private static func flat(_ keys: TreeKey...) throws -> Tree<ArrayLeaf> {
    .dict(try keys.enumerated().map { .init($0.element, try leaf(UInt8($0.offset))) })
  }

  private func paths(_ tree: Tree<ArrayLeaf>) -> [String] { tree.leaves.map { "\($0.path)" } }

  @Test func splitsAStateDictionary() throws {
    let state = try Self.flat(
      "h.0.attn.weight", "h.0.attn.bias", "h.1.attn.weight", "ln.weight", "b")
    let nested = try TreeTransform.nestKeys(separator: ".").apply(to: state)
    #expect(
      paths(nested) == [
        "h/0/attn/weight", "h/0/attn/bias", "h/1/attn/weight", "ln/weight", "b",
      ])
    // Numbers are text, as Flax has them.
    guard case .dict? = nested["h"] else {
      Issue.record("numbers became a list")
      return
    }
    let back = try TreeTransform.flattenKeys(separator: ".").apply(to: nested)
    #expect(paths(back) == paths(state))
  }

  @Test func makesListsWhereNumbersHaveNoGap() throws {
    let state = try Self.flat("h.1.w", "h.0.w", "s.0.w", "s.2.w", "p.00.w", "q.0")
    let nested = try TreeTransform.nestKeys(separator: ".", makesLists: true).apply(to: state)
    #expect(paths(nested) == ["h/0/w", "h/1/w", "s/0/w", "s/2/w", "p/00/w", "q/0"])
    let kinds = ["h", "s", "p", "q"].map { if case .list? = nested[$0] { true } else { false } }
    #expect(kinds == [true, false, false, true])
    #expect(
      try (nested["h/0/w"]?.leaves.first?.leaf.source.load()).map { $0.withBytes { $0.copied } }
        == [1])
  }

  @Test func otherKeysStay() throws {
    let tree: Tree<ArrayLeaf> = .dict([
      .init(3, .dict([.init("a.b", try Self.leaf(0))])),
      .init("..", try Self.leaf(1)),
      .init("r", .record(.init(type: "R", fields: [.init("f.g", try Self.leaf(2))]))),
      .init("l", .list([.dict([.init("a.b", try Self.leaf(3))])])),
    ])
    let nested = try TreeTransform.nestKeys(separator: ".").apply(to: tree)
    #expect(
      paths(nested) == ["%#3/a/b", "%empty/%empty/%empty", "r/f.g", "l/0/a/b"])
    let some = try TreeTransform.nestKeys(separator: ".", in: [try PathGlob("l/*")]).apply(to: tree)
    #expect(paths(some) == ["%#3/a.b", "%2E.", "r/f.g", "l/0/a/b"])
    let flat = try TreeTransform.flattenKeys(separator: "::").apply(to: tree)
    #expect(paths(flat) == ["3::a.b", "%2E.", "r::f.g", "l::0::a.b"])
    let part = try TreeTransform.flattenKeys(separator: "::", in: [try PathGlob("l")]).apply(
      to: tree)
    #expect(paths(part) == ["%#3/a.b", "%2E.", "r/f.g", "l/0::a.b"])
  }

  @Test func joinsDictionaries() throws {
    let tree: Tree<ArrayLeaf> = .dict([
      .init("a", .dict([.init("x", try Self.leaf(0))])), .init("a.y", try Self.leaf(1)),
      .init("e", .dict([])),
    ])
    let nested = try TreeTransform.nestKeys(separator: ".").apply(to: tree)
    #expect(paths(nested) == ["a/x", "a/y"])
    #expect(nested["e"] != nil)
    let flat = try TreeTransform.flattenKeys(separator: ".").apply(to: nested)
    #expect(flat.children.map(\.component.escaped) == ["a.x", "a.y", "e"])
  }

  @Test func refusesCollisions() throws {
    let both = try #require(
      failure {
        _ = try TreeTransform.nestKeys(separator: ".").apply(to: Self.flat("a", "a.b"))
      })
    #expect(both.code.rawValue == "usage.tree-path")
    #expect(both.message.contains("\"a\" and \"a.b\""), "\(both)")
    let flat: Tree<ArrayLeaf> = .dict([
      .init("a.b", try Self.leaf(0)), .init("a", .dict([.init("b", try Self.leaf(1))])),
    ])
    let same = try #require(
      failure { _ = try TreeTransform.flattenKeys(separator: ".").apply(to: flat) })
    #expect(same.message.contains("\"a.b\" and \"a/b\""), "\(same)")
    #expect(
      code { _ = try TreeTransform.nestKeys(separator: "").apply(to: flat) } == "usage.choice")
    #expect(
      code {
        _ = try TreeTransform.flattenKeys(separator: ".", in: [PathGlob("x")]).apply(to: flat)
      }
        == "usage.tree-path")
  }

  @Test func changesAxesOfMatchingArrays() throws {
    let array = try NDArray(
      dtype: .uint8, shape: #require(Shape([2, 3])), bytes: [0, 1, 2, 3, 4, 5])
    let sharding = Sharding(axisNames: ["x"], axisSizes: [2], partition: [["x"]])
    let tree: Tree<ArrayLeaf> = .dict([
      .init("w", .leaf(ArrayLeaf(array, sharding: sharding))), .init("v", .leaf(ArrayLeaf(array))),
      .init("k", .leaf(ArrayLeaf(array, prngImplementation: "threefry2x32"))),
    ])
    let changed = try [
      TreeTransform.transpose([try PathGlob("w")]), .reshape([try PathGlob("v")], to: [-1]),
    ].apply(to: tree)
    let shapes = try changed.leaves.map { try $0.leaf.metadata.shape.dimensions }
    #expect(shapes == [[3, 2], [6], [2, 3]])
    // numpy.arange(6).reshape(2, 3).T
    #expect(try changed.leaves[0].leaf.source.load().withBytes { $0.copied } == [0, 3, 1, 4, 2, 5])
    #expect(try changed.leaves[0].leaf.metadata.sharding?.partition == [[], ["x"]])
    let key = try #require(
      failure { _ = try TreeTransform.transpose([PathGlob("k")]).apply(to: tree) })
    #expect(key.code.rawValue == "usage.shape" && key.location.treePath == "k")
    let shape = try #require(
      failure { _ = try TreeTransform.reshape([PathGlob("v")], to: [4]).apply(to: tree) })
    #expect(shape.location.treePath == "v")
  }
}
