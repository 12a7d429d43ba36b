import CoppiceModel
import CoppiceTestSupport
import Testing

/// Nodes move to their new paths, or an error gives the reason.
struct RenamingTests {
  private static let tree: Tree<Int> = .dict([
    .init("a", .dict([.init("x", .leaf(0)), .init("y", .leaf(1))])),
    .init("list", .list([.leaf(2), .dict([.init("k", .leaf(3))])])),
    .init("pair", .tuple([.leaf(4), .dict([.init("k", .leaf(5))])])),
    .init(
      "rec",
      .record(
        .init(type: "R", fields: [.init("f", .leaf(6)), .init("g", .dict([.init("k", .leaf(7))]))]))
    ),
    .init("leaf", .leaf(8)),
    .init("none", .value(.null)),
    .init(7, .leaf(9)),
    .init("s/t", .leaf(10)),
  ])

  private func moved(_ old: String, _ new: String) throws(CoppiceError) -> Tree<Int> {
    try TreeRenaming(from: old, to: new).apply(to: Self.tree)
  }

  private func node(_ tree: Tree<Int>, _ path: TreePath.Component...) -> Tree<Int>? {
    tree[TreePath(path)]
  }

  @Test func renamesAKey() throws {
    let tree = try moved("a/x", "a/z")
    #expect(node(tree, .key("a")) == .dict([.init("y", .leaf(1)), .init("z", .leaf(0))]))
    #expect(tree.leafCount == Self.tree.leafCount)
  }

  @Test func makesTheDictionariesOnTheWay() throws {
    let tree = try moved("leaf", "new/deep/er")
    #expect(
      node(tree, .key("new")) == .dict([.init("deep", .dict([.init("er", .leaf(8))]))]))
    #expect(node(tree, .key("leaf")) == nil)
  }

  @Test func movesWholeBranches() throws {
    #expect(
      node(try moved("list", "a/list"), .key("a"), .key("list"))
        == .list([.leaf(2), .dict([.init("k", .leaf(3))])]))
    // A branch moves into itself: it is removed first, which frees its old name.
    #expect(
      node(try moved("a", "a/a"), .key("a"), .key("a"))
        == .dict([.init("x", .leaf(0)), .init("y", .leaf(1))]))
  }

  @Test func movesOutOfAndIntoSequencesAndRecords() throws {
    #expect(node(try moved("list/1/k", "k"), .key("k")) == .leaf(3))
    #expect(node(try moved("list/1/k", "k"), .key("list"), .index(1)) == .dict([]))
    #expect(node(try moved("pair/1/k", "k"), .key("k")) == .leaf(5))
    #expect(node(try moved("leaf", "list/1/l"), .key("list"), .index(1), .key("l")) == .leaf(8))
    #expect(node(try moved("leaf", "pair/1/l"), .key("pair"), .index(1), .key("l")) == .leaf(8))
    #expect(node(try moved("leaf", "rec/g/l"), .key("rec"), .field("g"), .key("l")) == .leaf(8))
    #expect(
      node(try moved("rec/f", "f"), .key("rec"))
        == .record(.init(type: "R", fields: [.init("g", .dict([.init("k", .leaf(7))]))])))
    #expect(node(try moved("none", "nil"), .key("nil")) == .value(.null))
  }

  @Test func namesOddKeysAsListingsDo() throws {
    #expect(node(try moved("%#7", "7"), .key("7")) == .leaf(9))
    #expect(node(try moved("leaf", "%#-3"), .key(-3)) == .leaf(8))
    #expect(node(try moved("s%2Ft", "%empty"), .key("")) == .leaf(10))
    #expect(node(try moved("leaf", "%2Ehidden"), .key(".hidden")) == .leaf(8))
    #expect(node(try moved("leaf", "e\u{301}"), .key("e\u{301}")) == .leaf(8))
    let both = try TreeRenaming(from: "a/x", to: "\u{E9}").apply(
      to: try moved("leaf", "e\u{301}"))
    #expect(node(both, .key("\u{E9}")) == .leaf(0))
    #expect(node(both, .key("e\u{301}")) == .leaf(8))
  }

  @Test(arguments: [
    ("nope", "b", "no such node"), ("a/nope", "b", "no such node"),
    ("leaf/x", "b", "no such node"), ("none/x", "b", "no such node"), ("7x", "b", "no such node"),
    ("list/2", "b", "no such node"), ("7", "b", "no such node"), ("A", "b", "no such node"),
    ("list/0", "b", "element of a sequence"), ("pair/1", "b", "element of a sequence"),
    ("a", "list", "already"), ("a/x", "a/y", "already"), ("leaf", "%#7", "already"),
    ("leaf", "rec/h", "can't add a field"), ("leaf", "rec/h/i", "can't add a field"),
    ("leaf", "rec/f", "already"), ("leaf", "list/2", "can't add an element"),
    ("leaf", "list/0", "already"), ("leaf", "pair/5/x", "can't add an element"),
    ("a", "leaf/x", "through a leaf"), ("a", "none/x", "through a leaf"),
    ("a", "list/0/x", "through a leaf"), ("a", "%", "isn't escaped as in listings"),
    ("a", "%#07", "isn't escaped as in listings"), ("a", "%2f", "isn't escaped as in listings"),
    ("a", ".x", "isn't escaped as in listings"), ("a", "%41", "isn't escaped as in listings"),
    ("a", "x/%zz", "isn't escaped as in listings"), ("a", "%#", "isn't escaped as in listings"),
  ])
  func saysWhyNot(_ old: String, _ new: String, _ words: String) throws {
    let error = try #require(failure { _ = try moved(old, new) })
    #expect(error.code.rawValue == "usage.tree-path")
    #expect(error.message.contains(words), "\(error)")
    #expect([old, new].contains(error.location.treePath ?? ""), "\(error)")
  }

  @Test(arguments: [("", "b"), ("a", ""), ("a", "/b"), ("a", "b/"), ("a", "b//c"), ("/", "/")])
  func refusesPathsWithoutNames(_ old: String, _ new: String) {
    #expect(code { _ = try moved(old, new) } == "usage.tree-path")
  }
}
