import Coppice
import CoppiceModel
import CoppiceTestSupport
import Testing

@testable import CoppiceInterop

/// Transforms apply to the whole checkpoint, and those that match nothing are errors.
struct TransformTests {
  private func contents() throws -> CheckpointContents {
    let a = try NDArray(floats: [1, 2])
    let b = try NDArray(floats: [3])
    var contents = CheckpointContents([
      ("state", .dict([.init("w", .leaf(a)), .init("n", .value(.bool(true)))])),
      ("ema", .dict([.init("w", .leaf(b)), .init("v", .leaf(b))])),
    ])
    guard case .named(let items) = contents.root else { return contents }
    contents.root = .named(
      items + [
        .init("config", .json(.object([]))), .init("raw", .files([])),
        .init("group", .composite([items[0], .init("json", .json(.null))])),
      ])
    return contents
  }

  private func apply(
    _ change: (inout TransformOptions) throws -> Void
  ) throws -> CheckpointContents {
    var options = TransformOptions()
    try change(&options)
    return try options.apply(to: try contents())
  }

  @Test func nothingAskedNothingChanged() throws {
    #expect(try apply { _ in }.names == ["state", "ema", "config", "raw", "group"])
  }

  private func select(_ components: [String]) throws -> CheckpointContents {
    var address = CheckpointAddress("")
    address.components = components
    return try address.select(from: try contents())
  }

  @Test func keepsOnePartByName() throws {
    #expect(try select(["ema"]).names == ["ema"])
    #expect(try select(["config"]).names == ["config"])
    #expect(try select(["group", "state", "w"]).names == ["state"])
    let error = try #require(failure { _ = try select(["no\"pe"]) })
    #expect(error.code.rawValue == "usage.no-such-checkpointable")
    #expect(error.message.contains("\"state\", \"ema\", \"config\""))
  }

  @Test func aNodeBecomesTheRoot() throws {
    guard case .leaf(let leaf)? = try select(["state", "w"]).tree("state") else {
      Issue.record("the node is no leaf")
      return
    }
    #expect(leaf.shape == Shape([2]))
    for components in [["state", "x"], ["config", "x"], ["group", "x"]] {
      #expect(code { _ = try select(components) } == "usage.tree-path")
    }
  }

  @Test func partsWithoutAMatchGo() throws {
    #expect(try apply { $0.selection = [try PathGlob("v")] }.names == ["ema"])
    #expect(try apply { $0.selection = [try PathGlob("w")] }.names == ["state", "ema", "group"])
  }

  @Test func saysThatNoPathMatches() throws {
    let error = try #require(
      failure { _ = try apply { $0.selection = [try PathGlob("x"), try PathGlob("y")] } })
    #expect(error.code.rawValue == "usage.tree-path")
    #expect(error.message.contains("\"x\""))
  }

  /// Each pattern must match somewhere, though not in each tree.
  @Test func onePatternOfSeveralMatchesNothing() throws {
    let select = { (patterns: [String]) in
      try apply { $0.selection = try patterns.map { try PathGlob($0) } }
    }
    #expect(try select(["n", "v"]).names == ["state", "ema", "group"])
    let error = try #require(failure { _ = try select(["n", "typo"]) })
    #expect(error.code == .usageTreePath)
    #expect(error.message.contains("\"typo\""))
    let drop = { (patterns: [String]) in
      try apply { $0.steps = [.drop(try patterns.map { try PathGlob($0) })] }
    }
    #expect(try drop(["n", "v"]).names == ["state", "ema", "config", "raw", "group"])
    let other = try #require(failure { _ = try drop(["n", "typo"]) })
    #expect(other.code == .usageTreePath)
    #expect(other.message.contains("\"typo\""))
  }

  /// What leaves a list leaves `None` in its place, which counts as lost all the same.
  @Test func whatIsLostIsCounted() throws {
    let leaf = Tree<ArrayLeaf>.leaf(ArrayLeaf(try NDArray(floats: [1])))
    let tree = Tree<ArrayLeaf>.dict([
      .init("l", .list([leaf, leaf, .value(.bool(true)), .list([]), .value(.null)])),
      .init("n", .value(.bool(true))), .init("w", leaf),
    ])
    for (step, count) in [
      (TreeTransform.keep([try PathGlob("l/0")]), 4), (.drop([try PathGlob("l/1")]), 1),
      (.drop([try PathGlob("l/2"), try PathGlob("n")]), 2), (.keep([try PathGlob("w")]), 5),
    ] {
      var changes = RequestedChanges()
      changes.count(step, of: tree, to: try step.apply(to: tree))
      #expect(changes.findings(.lost).map(\.count) == [count], "\(step)")
    }
  }

  /// Users copy the name of the checkpointable from listings, where it precedes the path.
  @Test func aPatternWithThePartsNameIsExplained() throws {
    let error = try #require(
      failure { _ = try apply { $0.selection = [try PathGlob("state/w")] } })
    #expect(error.message.contains("\"state/\""), "\(error.message)")
    let other = try #require(
      failure { _ = try apply { $0.renamings = [try TreeRenaming(from: "state/w", to: "x")] } })
    #expect(other.message.contains("\"state/\""), "\(other.message)")
  }

  @Test func renamesWhereTheNodeIs() throws {
    let renamed = try apply { $0.renamings = [try TreeRenaming(from: "v", to: "moved/v")] }
    #expect(try renamed.tree("ema")?.leaves.map { "\($0.path)" } == ["w", "moved/v"])
    #expect(try renamed.tree("state")?.leaves.map { "\($0.path)" } == ["w"])
    let all = try apply { $0.renamings = [try TreeRenaming(from: "w", to: "x")] }
    #expect(try all.tree("ema")?.leaves.map { "\($0.path)" } == ["v", "x"])
    #expect(try all.tree("state")?.leaves.map { "\($0.path)" } == ["x"])
    #expect(
      code { _ = try apply { $0.renamings = [try TreeRenaming(from: "z", to: "x")] } }
        == "usage.tree-path")
  }

  @Test func renamesInOrder() throws {
    let swapped = try apply {
      for (old, new) in [("w", "t"), ("v", "w"), ("t", "v")] {
        $0.renamings.append(try TreeRenaming(from: old, to: new))
      }
    }
    #expect(try swapped.tree("ema")?.leaves.map { "\($0.path)" } == ["w", "v"])
  }

  /// A renaming whose new path a later one frees is made together with it.
  @Test func swapsWithoutAThirdName() throws {
    let swapped = try apply {
      $0.renamings = [try TreeRenaming(from: "w", to: "v"), try TreeRenaming(from: "v", to: "w")]
      $0.selection = [try PathGlob("{w,v}")]
    }
    let ema = try #require(try swapped.tree("ema"))
    #expect(ema.leaves.map { "\($0.path)" } == ["v", "w"])
    // In the other tree there is nothing to swap with.
    #expect(try swapped.tree("state")?.leaves.map { "\($0.path)" } == ["w"])
  }

  @Test func renamesByPatterns() throws {
    let renamed = try apply {
      $0.renamings = [
        try TreeRenaming(rule: "*", to: "a/{1}"), try TreeRenaming(rule: "a/*", to: "b_{1}"),
      ]
    }
    #expect(try renamed.tree("ema")?.leaves.map { "\($0.path)" } == ["b_w", "b_v"])
    let error = try #require(
      failure { _ = try apply { $0.renamings = [try TreeRenaming(rule: "state/*", to: "{1}")] } })
    #expect(error.message.contains("\"state/\""), "\(error.message)")
  }

  @Test func theFirstMatchingCastCounts() throws {
    let cast = try apply {
      $0.casts = [(try PathGlob("v"), .float64), (try PathGlob("**"), .float16)]
    }
    #expect(try cast.tree("ema")?.leaves.map(\.leaf.dtype) == [.float16, .float64])
    #expect(try cast.tree("state")?.leaves.map(\.leaf.dtype) == [.float16])
  }

  @Test func saysThatACastFitsNothing() throws {
    let error = try #require(
      failure { _ = try apply { $0.casts = [(try PathGlob("parms/**"), .float16)] } })
    #expect(error.code.rawValue == "usage.tree-path")
    #expect(error.message.contains("\"parms/**\""))
  }

  @Test func saysWhichLeafHasNoCast() throws {
    let error = try #require(
      failure { _ = try apply { $0.casts = [(try PathGlob("v"), .int8)] } })
    #expect(error.code.rawValue == "cast.unsupported")
    #expect(error.location.treePath == "v")
  }

  @Test func choosesTheTree() throws {
    let leaf = try NDArray(floats: [1])
    let json = NamedCheckpointable("json", .json(.null))
    func named(_ names: String...) -> CheckpointContents.Root {
      CheckpointContents(names.map { ($0, .dict([.init(.string($0), .leaf(leaf))])) }).root
    }
    func chosen(_ root: CheckpointContents.Root) throws(CoppiceError) -> String? {
      guard case .tree(let tree) = try TreeChoice.choose(from: root).value else { return nil }
      return tree.leaves.first?.path.description
    }
    #expect(try chosen(named("a", "default", "pytree", "state")) == "state")
    #expect(try chosen(named("a", "default", "pytree")) == "pytree")
    #expect(try chosen(named("a", "default", "State")) == "default")
    #expect(try chosen(named("zebra")) == "zebra")
    guard case .named(let items) = named("only") else { return }
    #expect(try chosen(.named([json] + items)) == "only")
    let several = try #require(failure { _ = try chosen(named("b", "a")) })
    #expect(several.code.rawValue == "usage.choice")
    #expect(several.message.contains("`name`") && several.message.contains("\"b\", \"a\""))
    let none = try #require(failure { _ = try chosen(.named([json])) })
    #expect(none.code.rawValue == "usage.choice")
    #expect(none.message.contains("\"json\""))
    // A checkpointable with the right name that isn't a tree isn't chosen.
    guard case .named(let two) = named("a") else { return }
    #expect(try chosen(.named([.init("state", .json(.null))] + two)) == "a")
    #expect(code { _ = try chosen(.named([])) } == "usage.choice")
  }
}
