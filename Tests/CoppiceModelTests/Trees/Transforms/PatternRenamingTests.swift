import CoppiceModel
import CoppiceTestSupport
import Testing

/// All nodes that match a pattern move to paths made of what its wildcards matched.
struct PatternRenamingTests {
  /// Keys with dots as PyTorch has them, levels as Flax has them, a list, and a record.
  private static let tree: Tree<Int> = .dict([
    .init("module.h.0.w", .leaf(0)), .init("module.h.1.w", .leaf(1)),
    .init(
      "enc",
      .dict([
        .init(
          "layers",
          .dict([
            .init(
              "0", .dict([.init("attn", .dict([.init("q", .leaf(2)), .init("k", .leaf(3))]))])),
            .init(
              "1", .dict([.init("attn", .dict([.init("q", .leaf(4))]), ), .init("b", .leaf(5))])),
          ]))
      ])),
    .init("list", .list([.dict([.init("k", .leaf(6))]), .dict([.init("k", .leaf(7))])])),
    .init(7, .leaf(8)),
    .init("r", .record(.init(type: "R", fields: [.init("f", .leaf(9))]))),
  ])

  private func paths(_ tree: Tree<Int>) -> [Int: String] {
    Dictionary(tree.leaves.map { ($0.leaf, $0.path.description) }) { "\($0) \($1)" }
  }

  private func moved(
    _ rules: (String, String)..., in tree: Tree<Int> = tree
  ) throws(CoppiceError) -> Tree<Int> {
    var renamings: [TreeRenaming] = []
    for (old, new) in rules { renamings.append(try TreeRenaming(rule: old, to: new)) }
    return try renamings.apply(to: tree)
  }

  /// Pattern, new path, and the leaves that move, with their new paths.
  @Test(
    arguments: [
      ("module.*", "{1}", [0: "h.0.w", 1: "h.1.w"]),
      ("module.h.*.*", "h/{1}/{2}", [0: "h/0/w", 1: "h/1/w"]),
      ("*.*", "{2}/{1}", [0: "h.0.w/module", 1: "h.1.w/module"]),
      ("module.h.[01].?", "{2}{1}", [0: "w0", 1: "w1"]),
      ("{module,x}.h.{0,1}.w", "{1}-{2}", [0: "module-0", 1: "module-1"]),
      ("module.h.{0..9}.w", "{1}", [0: "0", 1: "1"]),
      ("module.*", "\\{1\\}{1}", [0: "{1}h.0.w", 1: "{1}h.1.w"]),
      (
        "enc/layers/*/attn/**", "blocks/{1}/attention/{2}",
        [2: "blocks/0/attention/q", 3: "blocks/0/attention/k", 4: "blocks/1/attention/q"]
      ),
      ("enc/layers/*/attn", "a{1}", [2: "a0/q", 3: "a0/k", 4: "a1/q"]),
      ("**/q", "{1}/query", [2: "enc/layers/0/attn/query", 4: "enc/layers/1/attn/query"]),
      (
        "enc/**", "{1}",
        [
          2: "layers/0/attn/q", 3: "layers/0/attn/k", 4: "layers/1/attn/q", 5: "layers/1/b",
        ]
      ),
      ("list/*/**", "l_{1}/{2}", [6: "l_0/k", 7: "l_1/k"]),
      ("list/*", "l_{1}", [6: "l_0/k", 7: "l_1/k"]),
      ("%#*", "n{1}", [8: "n7"]),
      ("r/*", "{1}", [9: "f"]),
      ("module.h.*.w", "%2E{1}", [0: "%2E0", 1: "%2E1"]),
      ("module*", "{1}", [0: "%2Eh.0.w", 1: "%2Eh.1.w"]),
      (
        "**", "all/{1}",
        [
          0: "all/module.h.0.w", 1: "all/module.h.1.w", 2: "all/enc/layers/0/attn/q",
          3: "all/enc/layers/0/attn/k", 4: "all/enc/layers/1/attn/q", 5: "all/enc/layers/1/b",
          6: "all/list/0/k", 7: "all/list/1/k", 8: "all/%#7", 9: "all/r/f",
        ]
      ),
    ] as [(String, String, [Int: String])])
  func movesWhatMatches(_ old: String, _ new: String, _ places: [Int: String]) throws {
    let found = paths(try moved((old, new)))
    #expect(found == paths(Self.tree).merging(places) { $1 })
  }

  @Test func dropsWhatIsEmptied() throws {
    let tree = try moved(("enc/layers/*/attn/**", "a/{1}/{2}"), ("list/*/k", "k{1}"))
    #expect(
      tree.children.map(\.component.escaped) == [
        "module.h.0.w", "module.h.1.w", "enc", "%#7", "r", "a", "k0", "k1",
      ])
    #expect(tree["enc/layers"]?.children.map(\.component.escaped) == ["1"])
    #expect(try moved(("**", "x/{1}"), in: .leaf(1)) == .dict([.init("x", .leaf(1))]))
  }

  @Test func swapsNames() throws {
    let pair: Tree<Int> = .dict([.init("a", .leaf(0)), .init("b", .leaf(1)), .init("c", .leaf(2))])
    #expect(paths(try moved(("a", "b"), ("b", "a"), in: pair)) == [0: "b", 1: "a", 2: "c"])
    #expect(
      paths(try moved(("a", "b"), ("b", "c"), ("c", "a"), in: pair)) == [0: "b", 1: "c", 2: "a"])
    let nested: Tree<Int> = .dict([
      .init("a", .dict([.init("x", .leaf(0))])), .init("b", .dict([.init("x", .leaf(1))])),
    ])
    #expect(
      paths(try moved(("a/**", "b/{1}"), ("b/**", "a/{1}"), in: nested)) == [0: "b/x", 1: "a/x"])
  }

  @Test func theFirstRenamingThatMatchesCounts() throws {
    let tree = try moved(("module.h.0.w", "first"), ("module.*", "rest/{1}"))
    #expect(paths(tree)[0] == "first")
    #expect(paths(tree)[1] == "rest/h.1.w")
  }

  @Test func namesBothNodesThatCollide() throws {
    let both = try #require(failure { _ = try moved(("module.h.*.w", "x/y")) })
    #expect(both.message.contains("\"module.h.0.w\" and \"module.h.1.w\""), "\(both)")
    #expect(both.location.treePath == "x/y")
    let below = try #require(
      failure { _ = try moved(("module.h.0.w", "x"), ("module.h.1.w", "x/y")) })
    #expect(below.message.contains("\"module.h.0.w\" and \"module.h.1.w\""), "\(below)")
    let above = try #require(
      failure { _ = try moved(("module.h.0.w", "x/y"), ("module.h.1.w", "x")) })
    #expect(above.message.contains("\"module.h.0.w\" and \"module.h.1.w\""), "\(above)")
    let there = try #require(failure { _ = try moved(("module.h.0.w", "enc/layers/0/attn/q")) })
    #expect(there.message.contains("\"module.h.0.w\"") && there.message.contains("already"))
    #expect(there.location.treePath == "enc/layers/0/attn/q")
  }

  @Test(arguments: [
    ("module.*", "{2}", "usage.glob"), ("module.*", "{x}", "usage.glob"),
    ("module.*", "{", "usage.glob"), ("module.*", "a\\", "usage.glob"),
    ("module.*", "a//{1}", "usage.glob"), ("module.*", "", "usage.glob"),
    ("module.*", "{0}", "usage.glob"), ("enc/**", "a{1}", "usage.glob"),
    ("a*/b\\*", "{2}", "usage.glob"), ("module.h.[", "x", "usage.glob"),
    ("modul.*", "{1}", "usage.tree-path"), ("list/0*", "{1}/x", "usage.tree-path"),
    ("module.h.0.w*", "{1}", "usage.tree-path"), ("module.*", "%4{1}", "usage.tree-path"),
    ("module.*", "%{1}", "usage.tree-path"), ("module.*", "r/{1}", "usage.tree-path"),
    ("module.*", "%#7/{1}", "usage.tree-path"),
  ])
  func saysWhyNot(_ old: String, _ new: String, _ expected: String) {
    #expect(code { _ = try moved((old, new)) } == expected)
  }

  @Test func hintsAtASimilarName() throws {
    let flat = try #require(failure { _ = try moved(("modulo.*", "{1}")) })
    #expect(flat.message.contains("did you mean \"module."), "\(flat)")
    let nested = try #require(failure { _ = try moved(("enc/layrs/*/attn", "a{1}")) })
    #expect(nested.message.contains("did you mean \"layers\""), "\(nested)")
  }

  /// Many keys in one dictionary, and patterns that fit in many ways, take no time of note.
  @Test(.timeLimit(.minutes(1)))
  func isFast() throws {
    let many: Tree<Int> = .dict((0..<50_000).map { .init(.string("m.\($0).w"), .leaf($0)) })
    #expect(try moved(("m.*.w", "h/{1}/w"), in: many).leafCount == 50_000)
    let long = String(repeating: "a", count: 2_000)
    let hard = String(repeating: "*a", count: 50)
    let one: Tree<Int> = .dict([.init(.string(long), .leaf(0))])
    #expect(try moved((hard, "x"), in: one).leafCount == 1)
    var deep: Tree<Int> = .leaf(0)
    for _ in 0..<60 { deep = .dict([.init("a", deep)]) }
    let stars = Array(repeating: "**/a", count: 20).joined(separator: "/")
    #expect(try moved((stars, "x"), in: deep).leafCount == 1)
  }
}
