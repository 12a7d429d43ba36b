import Coppice
import CoppiceModel
import CoppiceTestSupport
import Testing

/// Loads give exactly the requested arrays.
struct AbstractLoadTests {
  private func tree() throws -> Tree<NDArray> {
    .dict([
      .init(
        "params",
        .dict([
          .init("w", .leaf(try counting(2, 3))),
          .init("b", .leaf(try floats([0.5, -1, 2]))),
        ])),
      .init("step", .value(.int(IntegerText(7)))),
      .init("rate", .value(.float(.init(0.25)))),
      .init("name", .value(.string("run"))),
      .init("opt", .tuple([.leaf(try integers(.int32, [1, 2])), .value(.null)])),
    ])
  }

  private func load(
    _ asked: Tree<AbstractLeaf>?, _ change: (inout TreeLoadOptions) throws -> Void = { _ in }
  ) throws -> Tree<NDArray> {
    var options = TreeLoadOptions()
    try change(&options)
    return try TreeLoader.load(try tree().saved, as: asked, options: options)
  }

  @Test func withoutARequestAllComesAsItIs() throws {
    #expect(try load(nil).difference(from: try tree()) == nil)
    #expect(try load(.leaf(.asSaved)).difference(from: try tree()) == nil)
    #expect(try load(try tree().abstract()).difference(from: try tree()) == nil)
  }

  @Test func theTypeAskedForWins() throws {
    let asked = try tree().abstract().casting(to: .bfloat16)
    let loaded = try load(asked)
    guard case .leaf(let b)? = loaded[TreePath([.key("params"), .key("b")])],
      case .leaf(let count)? = loaded[TreePath([.key("opt"), .index(0)])]
    else {
      Issue.record("no leaves")
      return
    }
    // 0.5 is 3F00, -1 is BF80, 2 is 4000 in bfloat16.
    #expect(b.dtype == .bfloat16)
    #expect(b.bytes == [0x00, 0x3F, 0x80, 0xBF, 0x00, 0x40])
    // Only floating-point numbers were asked for in another type.
    #expect(count.dtype == .int32)
  }

  @Test func castsAreAsStrictAsTheirMode() throws {
    let asked: Tree<AbstractLeaf> = .dict([
      .init("params", .dict([.init("b", .leaf(.array(dtype: .int8)))]))
    ])
    let refused = try #require(
      failure { _ = try load(asked) { $0.unexpected = .ignore } })
    #expect(refused.code.rawValue == "structure.mismatch")
    #expect(refused.structureReport?.mismatched.map(\.reason) == [.dtype])
    // A value that doesn't fit stops the load, with its leaf's path.
    let inexact = try #require(
      failure {
        _ = try load(asked) {
          $0.unexpected = .ignore
          $0.castMode = .exact
        }
      })
    #expect(inexact.code.rawValue == "cast.inexact")
    #expect(inexact.location.treePath == "params/b")
    let lossy = try load(asked) {
      $0.unexpected = .ignore
      $0.castMode = .lossy
    }
    guard case .leaf(let b)? = lossy[TreePath([.key("params"), .key("b")])] else { return }
    #expect(b.bytes == [0, 0xFF, 2])
  }

  @Test func placeholdersAreNotRead() throws {
    let counted = CountedSource(try counting(4, 4))
    let saved: Tree<ArrayLeaf> = .dict([
      .init("skipped", .dict([.init("x", .leaf(ArrayLeaf(counted)))])),
      .init("w", .leaf(ArrayLeaf(try counting(2)))),
    ])
    let loaded = try TreeLoader.load(
      saved,
      as: .dict([.init("skipped", .leaf(.placeholder)), .init("w", .leaf(.asSaved))]))
    #expect(loaded[TreePath([.key("skipped")])]?.isNone == true)
    #expect(loaded.floats("w") == [0, 1])
    #expect(counted.count == 0)
  }

  @Test func numbersAndArraysWithoutDimensionsInterchange() throws {
    let saved: Tree<NDArray> = .dict([
      .init("int", .value(.int(IntegerText(7)))),
      .init("array", .leaf(try integers(.uint64, [-1], []))),
      .init("float", .leaf(try floats([1.5], []))),
      .init("bool", .value(.bool(true))),
      .init(
        "big", .value(.int(try #require(IntegerText("170141183460469231731687303715884105728"))))),
    ])
    let asked: Tree<AbstractLeaf> = .dict([
      .init("int", .leaf(.array(dtype: .float32, shape: .scalar))),
      .init("array", .value(.int(IntegerText(0)))),
      .init("float", .value(.float(.init(0)))),
      .init("bool", .value(.int(IntegerText(0)))),
      .init("big", .value(.int(IntegerText(0)))),
    ])
    let loaded = try TreeLoader.load(saved.saved, as: asked)
    #expect(loaded.floats("int") == [7])
    #expect(loaded[TreePath([.key("array")])]?.value == .int(IntegerText(UInt64.max)))
    #expect(loaded[TreePath([.key("float")])]?.value == .float(.init(1.5)))
    #expect(loaded[TreePath([.key("bool")])]?.value == .int(IntegerText(1)))
    #expect(
      loaded[TreePath([.key("big")])]?.value
        == .int(try #require(IntegerText("170141183460469231731687303715884105728"))))
  }

  @Test func whatIsNoNumberStaysWhatItIs() throws {
    let cases: [(Tree<NDArray>, Tree<AbstractLeaf>)] = [
      (.value(.string("1")), .leaf(.array(AbstractArray()))),
      (.value(.string("1")), .value(.int(IntegerText(0)))),
      (.value(.null), .value(.int(IntegerText(0)))),
      (.leaf(try counting(1)), .value(.float(.init(0)))),
      (.leaf(try counting(1)), .value(.string(""))),
      (.leaf(try counting(1)), .dict([])),
      (.list([]), .leaf(.array(AbstractArray()))),
    ]
    for (saved, asked) in cases {
      let report = try TreeLoader.compare(saved.saved, with: asked)
      #expect(report.mismatched.map(\.reason) == [.kind], "\(asked)")
    }
    // A float is no integer, however round.
    #expect(
      try TreeLoader.compare(
        Tree<NDArray>.value(.float(.init(2))).saved, with: .value(.int(IntegerText(0)))
      ).mismatched.map(\.reason) == [.dtype])
  }

  @Test func selectionsLeaveOutTheRest() throws {
    let byGlob = try load(nil) { $0.selection = .matching([try PathGlob("params")]) }
    #expect(byGlob.leaves.map { "\($0.path)" } == ["params/w", "params/b"])
    let byClosure = try load(nil) {
      $0.selection = .leaves { path, metadata in metadata?.dtype == .int32 }
    }
    // The element that is left of the tuple keeps its index.
    #expect(byClosure.leaves.map { "\($0.path)" } == ["opt/0"])
    // With a request too: nobody misses what isn't selected, on either side.
    let asked: Tree<AbstractLeaf> = .dict([
      .init("params", .dict([.init("w", .leaf(.asSaved)), .init("b", .leaf(.asSaved))])),
      .init("gone", .leaf(.asSaved)),
    ])
    let both = try load(asked) { $0.selection = .matching([try PathGlob("**/w")]) }
    #expect(both.leaves.map { "\($0.path)" } == ["params/w"])
    #expect(try load(nil) { $0.selection = .matching([try PathGlob("nothing")]) }.leafCount == 0)
  }

  @Test func progressIsToldAndCancellationHeeded() throws {
    let monitor = OperationMonitor()
    _ = try TreeLoader.load(try tree().saved, monitor: monitor)
    // 6 and 3 float32, 2 int32.
    #expect(monitor.expectedByteCount == 44)
    #expect(monitor.byteCount == 44)
    monitor.cancel()
    let error = failure { _ = try TreeLoader.load(try tree().saved, monitor: monitor) }
    #expect(error?.code == .operationCancelled)
  }

  @Test func manyLeavesKeepTheirPlaces() throws {
    var entries: [Tree<NDArray>.Entry] = []
    for index in 0..<3000 {
      let size = index % 500 == 3 ? 1_200_000 : index % 7
      var values = [Float](repeating: Float(index), count: size)
      if size > 0 { values[size - 1] = -1 }
      entries.append(.init(.integer(index), .leaf(try NDArray(values))))
    }
    let tree: Tree<NDArray> = .dict(entries)
    #expect(try TreeLoader.load(tree.saved).difference(from: tree) == nil)
  }
}

extension Tree {
  var isNone: Bool { value == TreeValue.null }

  var value: TreeValue? {
    guard case .value(let value) = self else { return nil }
    return value
  }
}
