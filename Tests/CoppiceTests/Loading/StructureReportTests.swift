import Coppice
import CoppiceModel
import CoppiceTestSupport
import Testing

/// All differences are reported at once, and options choose their treatment.
struct StructureReportTests {
  private func tree() throws -> Tree<NDArray> {
    .dict([
      .init(
        "params",
        .dict([.init("w", .leaf(try counting(2, 3))), .init("b", .leaf(try counting(3)))])),
      .init("ema", .dict([.init("w", .leaf(try counting(2, 3)))])),
      .init("step", .value(.int(IntegerText(7)))),
    ])
  }

  private func asked() throws -> Tree<AbstractLeaf> {
    .dict([
      .init(
        "params",
        .dict([
          .init("w", .leaf(.array(dtype: .float32, shape: shape(2, 4)))),
          .init("k", .leaf(.asSaved)),
          .init("b", .leaf(.array(AbstractArray(region: .box(box([1], [3])))))),
        ])),
      .init("batch", .list([.leaf(.asSaved), .leaf(.array(dtype: .float32))])),
      .init("step", .leaf(.asSaved)),
    ])
  }

  @Test func tellsAllDifferencesAtOnce() throws {
    let report = try TreeLoader.compare(try tree().saved, with: try asked())
    #expect(texts(report.missing) == ["params/k", "batch/0", "batch/1"])
    #expect(texts(report.unexpected) == ["ema/w"])
    #expect(texts(report.mismatched.map(\.path)) == ["params/w", "params/b"])
    #expect(report.mismatched.map(\.reason) == [.shape, .box])
    #expect(
      report.description == """
        missing: params/k
        missing: batch/0
        missing: batch/1
        unexpected: ema/w
        mismatched: params/w: float32 [2, 4] is asked for, float32 [2, 3] is saved; padding isn't \
        allowed [shape]
        mismatched: params/b: the box [1:4] doesn't lie inside the shape [3] [box]
        """)
  }

  @Test func anErrorNamesTheFirstAndHasTheRest() throws {
    let error = try #require(
      failure { _ = try TreeLoader.load(try tree().saved, as: try asked()) })
    #expect(error.code.rawValue == "structure.mismatch")
    #expect(error.message.contains("lacks params/k, batch/0, batch/1"))
    #expect(error.message.contains("nobody asked for ema/w"))
    #expect(error.structureReport?.missing.count == 3)
    var many: [Tree<AbstractLeaf>.Entry] = []
    for index in 0..<10 { many.append(.init(.integer(index), .leaf(.asSaved))) }
    let long = try #require(
      failure { _ = try TreeLoader.load(try tree().saved, as: .dict(many)) })
    #expect(long.message.contains("10 leaves: %#0, %#1, %#2, …"))
    #expect(long.structureReport?.missing.count == 10)
  }

  @Test func equalStructuresHaveNoDifference() throws {
    let report = try TreeLoader.compare(try tree().saved, with: try tree().abstract())
    #expect(report.isEmpty)
    #expect(report.description.isEmpty)
  }

  /// Scenario 1 of Flax's guide: the request is a part of the checkpoint.
  @Test func whatIsNotAskedForMayBeIgnored() throws {
    let asked: Tree<AbstractLeaf> = .dict([
      .init("params", .dict([.init("b", .leaf(.asSaved))]))
    ])
    #expect(code { _ = try TreeLoader.load(try tree().saved, as: asked) } == "structure.mismatch")
    var options = TreeLoadOptions()
    options.unexpected = .ignore
    let loaded = try TreeLoader.load(try tree().saved, as: asked, options: options)
    #expect(loaded.leaves.map { "\($0.path)" } == ["params/b"])
    #expect(loaded.floats("params", "b") == [0, 1, 2])
  }

  /// Scenario 2 of Flax's guide: the checkpoint is a part of the request, here without batch_stats.
  @Test func whatIsMissingMayComeFromAFallback() throws {
    let custom: Tree<NDArray> = .dict([
      .init(
        "params",
        .dict([
          .init("w", .leaf(try floats([9, 9, 9, 9, 9, 9], [2, 3]))),
          .init("b", .leaf(try floats([9, 9, 9]))),
        ])),
      .init("ema", .dict([.init("w", .leaf(try counting(2, 3)))])),
      .init("step", .value(.int(IntegerText(0)))),
      .init("batch_stats", .leaf(try counting(10))),
      .init("more", .list([.value(.string("x")), .leaf(try counting(2))])),
    ])
    var options = TreeLoadOptions()
    options.missing = .fallback(custom)
    let loaded = try TreeLoader.load(try tree().saved, as: custom.abstract(), options: options)
    #expect(loaded.floats("params", "b") == [0, 1, 2])
    #expect(loaded.floats("batch_stats") == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(loaded[TreePath([.key("step")])]?.value == .int(IntegerText(7)))
    #expect(loaded[TreePath([.key("more"), .index(0)])]?.value == .string("x"))
    let report = try TreeLoader.compare(
      try tree().saved, with: custom.abstract(), options: options)
    #expect(texts(report.filled) == ["batch_stats", "more/0", "more/1"])
    #expect(report.missing.isEmpty)
    // A leaf that the fallback lacks too is missing; one that it has is cast as requested.
    var asked = custom.abstract()
    guard case .dict(var entries) = asked else { return }
    entries[3].node = .leaf(.array(dtype: .float64, shape: shape(10)))
    entries.append(.init("neither", .leaf(.asSaved)))
    asked = .dict(entries)
    let error = try #require(
      failure { _ = try TreeLoader.load(try tree().saved, as: asked, options: options) })
    #expect(texts(error.structureReport?.missing ?? []) == ["neither"])
    entries.removeLast()
    let cast = try TreeLoader.load(try tree().saved, as: .dict(entries), options: options)
    guard case .leaf(let stats)? = cast[TreePath([.key("batch_stats")])] else { return }
    #expect(stats.dtype == .float64)
    #expect(stats.byteCount == 80)
  }

  @Test func whatIsMissingMayBeLeftOut() throws {
    var options = TreeLoadOptions()
    options.missing = .omit
    options.unexpected = .ignore
    let asked: Tree<AbstractLeaf> = .dict([
      .init("gone", .dict([.init("x", .leaf(.asSaved))])),
      .init("params", .list([.leaf(.asSaved)])),
      .init("ema", .dict([.init("v", .leaf(.asSaved)), .init("w", .leaf(.asSaved))])),
    ])
    let loaded = try TreeLoader.load(try tree().saved, as: asked, options: options)
    #expect(loaded.leaves.map { "\($0.path)" } == ["ema/w"])
    // The elements that are left of a sequence keep their indices.
    let list: Tree<NDArray> = .dict([.init("1", .leaf(try counting(1)))])
    let part = try TreeLoader.load(
      list.saved, as: .list([.leaf(.asSaved), .leaf(.asSaved)]), options: options)
    #expect(part.leaves.map { "\($0.path)" } == ["1"])
  }

  @Test func containersMatchByNameUnlessKindsCount() throws {
    let jax: Tree<NDArray> = .dict([
      .init(
        "opt",
        .list([
          .dict([.init("count", .value(.int(IntegerText(3)))), .init("mu", .leaf(try counting(2)))]
          ),
          .value(.null),
        ])),
      .init("1", .leaf(try counting(1))),
      .init(
        "blocks", .dict([.init("0", .leaf(try counting(1))), .init("1", .leaf(try counting(2)))])),
    ])
    let asked: Tree<AbstractLeaf> = .record(
      .init(
        type: "State",
        fields: [
          .init("blocks", .list([.leaf(.asSaved), .leaf(.asSaved)])),
          .init(
            "opt",
            .tuple([
              .record(
                .init(
                  type: "Adam",
                  fields: [.init("count", .leaf(.asSaved)), .init("mu", .leaf(.asSaved))])),
              .record(.init(type: "EmptyState", fields: [])),
            ])),
          .init("1", .leaf(.asSaved)),
        ]))
    let loaded = try TreeLoader.load(jax.saved, as: asked)
    #expect(
      loaded.leaves.map { "\($0.path)" } == ["blocks/0", "blocks/1", "opt/0/mu", "1"])
    guard case .record(let state) = loaded, case .tuple(let opt) = state.fields[1].node,
      case .record(let empty) = opt[1]
    else {
      Issue.record("the structure isn't the one asked for")
      return
    }
    #expect(state.type == "State")
    #expect(empty.type == "EmptyState")
    var options = TreeLoadOptions()
    options.containers = .strict
    let report = try TreeLoader.compare(jax.saved, with: asked, options: options)
    #expect(report.mismatched.map(\.reason) == [.kind])
    #expect(
      report.mismatched.first?.message == "a record State is asked for, a dictionary is saved")
  }

  @Test func exactKeysComeBeforeEqualNames() throws {
    let tree: Tree<NDArray> = .dict([
      .init("7", .leaf(try floats([1]))), .init(7, .leaf(try floats([2]))),
    ])
    let swapped: Tree<AbstractLeaf> = .dict([
      .init(7, .leaf(.asSaved)), .init("7", .leaf(.asSaved)),
    ])
    let loaded = try TreeLoader.load(tree.saved, as: swapped)
    #expect(loaded.floats(7) == [2])
    #expect(loaded.floats("7") == [1])
    // Of two possible candidates, neither is chosen.
    var options = TreeLoadOptions()
    options.unexpected = .ignore
    let field: Tree<AbstractLeaf> = .record(.init(type: "R", fields: [.init("7", .leaf(.asSaved))]))
    #expect(
      try texts(TreeLoader.compare(tree.saved, with: field, options: options).missing) == ["7"])
  }

  @Test func spellingsOfOneCharacterAreTwoNames() throws {
    let tree: Tree<NDArray> = .dict([.init("e\u{301}", .leaf(try floats([1])))])
    let report = try TreeLoader.compare(
      tree.saved, with: .dict([.init("\u{E9}", .leaf(.asSaved))]))
    #expect(report.missing.count == 1)
    #expect(report.unexpected.count == 1)
  }

  @Test func emptyContainersAndNoneAreNotMissed() throws {
    let tree: Tree<NDArray> = .dict([.init("a", .value(.null)), .init("b", .dict([]))])
    #expect(try TreeLoader.compare(tree.saved, with: .dict([])).isEmpty)
    #expect(
      try TreeLoader.compare(
        Tree<NDArray>.dict([]).saved, with: tree.abstract()
      ).isEmpty)
    var options = TreeLoadOptions()
    options.containers = .strict
    #expect(
      try texts(TreeLoader.compare(tree.saved, with: .dict([]), options: options).unexpected)
        == ["a", "b"])
    #expect(
      try texts(
        TreeLoader.compare(
          Tree<NDArray>.dict([]).saved, with: tree.abstract(), options: options
        ).missing) == ["a", "b"])
  }
}
