import CoppiceModel
import Testing

/// Selected nodes keep their paths, and selected elements of sequences their indices.
struct SelectionTests {
  private static let tree: Tree<Int> = .dict([
    .init("params", .dict([.init("w", .leaf(0)), .init("b", .leaf(1))])),
    .init("layers", .list([.leaf(2), .dict([.init("w", .leaf(3))]), .leaf(4)])),
    .init("pair", .tuple([.leaf(5), .value(.bool(true))])),
    .init(
      "state",
      .record(.init(type: "Adam", fields: [.init("mu", .leaf(6)), .init("count", .value(.null))]))),
    .init(7, .leaf(7)),
    .init("7", .leaf(8)),
    .init("a/b", .leaf(9)),
    .init("", .dict([])),
  ])

  private func select(_ patterns: String...) throws -> Tree<Int>? {
    var globs: [PathGlob] = []
    for pattern in patterns { globs.append(try PathGlob(pattern)) }
    return TreeSelection(globs).apply(to: Self.tree)
  }

  @Test func everythingStaysAsItIs() throws {
    #expect(try select("**") == Self.tree)
    #expect(try select("") == Self.tree)
  }

  @Test func keepsOnlyWhatLeadsToAMatch() throws {
    #expect(
      try select("params/w") == .dict([.init("params", .dict([.init("w", .leaf(0))]))]))
    #expect(
      try select("**/w")
        == .dict([
          .init("params", .dict([.init("w", .leaf(0))])),
          .init("layers", .list([.value(.null), .dict([.init("w", .leaf(3))]), .value(.null)])),
        ]))
  }

  @Test func aMatchingContainerIsKeptWhole() throws {
    #expect(
      try select("layers")
        == .dict([
          .init("layers", .list([.leaf(2), .dict([.init("w", .leaf(3))]), .leaf(4)]))
        ]))
    #expect(try select("%empty") == .dict([.init("", .dict([]))]))
  }

  @Test func sequencesStaySequencesOfTheirLength() throws {
    #expect(
      try select("layers/2")
        == .dict([.init("layers", .list([.value(.null), .value(.null), .leaf(4)]))]))
    #expect(
      try select("layers/0", "layers/2")
        == .dict([.init("layers", .list([.leaf(2), .value(.null), .leaf(4)]))]))
    #expect(
      try select("pair/1")
        == .dict([.init("pair", .tuple([.value(.null), .value(.bool(true))]))]))
  }

  @Test func wholeSequencesStaySequences() throws {
    #expect(
      try select("layers/{0,2}", "layers/1/w")
        == .dict([
          .init("layers", .list([.leaf(2), .dict([.init("w", .leaf(3))]), .leaf(4)]))
        ]))
    #expect(
      try select("pair/*")
        == .dict([.init("pair", .tuple([.leaf(5), .value(.bool(true))]))]))
  }

  @Test func recordsKeepTheirTypeAndSomeFields() throws {
    #expect(
      try select("state/mu")
        == .dict([
          .init("state", .record(.init(type: "Adam", fields: [.init("mu", .leaf(6))])))
        ]))
  }

  @Test func keysOfIntegersAndOfTextDiffer() throws {
    #expect(try select("7") == .dict([.init("7", .leaf(8))]))
    #expect(try select("%#7") == .dict([.init(7, .leaf(7))]))
    #expect(try select("a%2Fb") == .dict([.init("a/b", .leaf(9))]))
    #expect(try select("a/b") == nil)
  }

  @Test func nothingIsNothing() throws {
    #expect(try select("no/such") == nil)
    #expect(try select("params/w/deeper") == nil)
    #expect(TreeSelection([]).apply(to: Self.tree) == nil)
    #expect(TreeSelection([try PathGlob("a")]).apply(to: Tree<Int>.leaf(1)) == nil)
    #expect(TreeSelection([try PathGlob("**")]).apply(to: Tree<Int>.leaf(1)) == .leaf(1))
  }
}
