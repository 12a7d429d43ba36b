import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import Testing

/// In what two checkpoints differ, kind by kind.
struct ComparisonTests {
  private func array(_ numbers: [Float], _ shape: [Int]? = nil) throws -> ArrayLeaf {
    ArrayLeaf(try Self.floats(numbers, shape ?? [numbers.count]))
  }

  static func floats(_ numbers: [Float], _ shape: [Int]) throws -> NDArray {
    let bytes = numbers.flatMap { number in
      (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
    }
    return try NDArray(dtype: .float32, shape: try #require(Shape(shape)), bytes: bytes)
  }

  private func bytes(_ dtype: DType, _ bytes: [UInt8], _ shape: [Int]) throws -> ArrayLeaf {
    ArrayLeaf(try NDArray(dtype: dtype, shape: try #require(Shape(shape)), bytes: bytes))
  }

  private func contents(_ tree: Tree<ArrayLeaf>) -> CheckpointContents {
    CheckpointContents(format: "memory", root: .unnamed(.tree(tree)))
  }

  private func compare(
    _ a: Tree<ArrayLeaf>, _ b: Tree<ArrayLeaf>,
    _ change: (inout ComparisonOptions) -> Void = { _ in }
  ) throws -> [String] {
    var options = ComparisonOptions()
    change(&options)
    return try Comparison.run(
      .checkpoint(contents(a)), .checkpoint(contents(b)), options: options
    ).differences.map(\.description)
  }

  // MARK: Elements

  @Test func elementsThatDifferAreCounted() throws {
    let a = Tree.dict([.init("w", .leaf(try array([1, 2, 3, 4, 5, 6], [2, 3])))])
    let b = Tree.dict([.init("w", .leaf(try array([1, 2, 3.5, 4, 5, 4], [2, 3])))])
    #expect(
      try compare(a, b) == [
        "w: 2 of 6 elements differ, first [0, 2]: 3.0 vs 3.5; "
          + "largest difference 2 (relative 0.5)"
      ])
    #expect(try compare(a, a) == [])
  }

  @Test func bitsCountUnlessThereIsATolerance() throws {
    let a = Tree.leaf(try array([0, .nan, 1]))
    let b = Tree.leaf(try array([-0.0, Float(bitPattern: 0x7FC0_0001), 1]))
    #expect(
      try compare(a, b) == [
        "/: 2 of 3 elements differ, first [0]: 0.0 vs -0.0; largest difference 0"
      ])
    #expect(try compare(a, b) { $0.tolerance = Tolerance() } == [])
    let c = Tree.leaf(try array([0, .nan, 1]))
    let d = Tree.leaf(try array([0, Float(bitPattern: 0x7FC0_0001), 1]))
    #expect(
      try compare(c, d) == [
        "/: 1 of 3 elements differ, first [1]: nan (bits 7fc00000) vs nan (bits 7fc00001); "
          + "largest difference 0"
      ])
  }

  /// |a − b| ≤ ABS + REL · |b|, by NumPy's `isclose` with `equal_nan`.
  @Test(arguments: [
    (Float(1.0), Float(1.5), 0.5, 0.0, true), (1.0, 1.5, 0.49, 0.0, false),
    (1.0, 2.0, 0.0, 0.5, true), (2.0, 1.0, 0.0, 0.5, false), (3.0, 2.0, 0.5, 0.25, true),
    (.infinity, .infinity, 0, 0, true), (.infinity, -.infinity, 1e300, 1, false),
    (.infinity, 1, 1e300, 1e300, false), (.nan, .nan, 0, 0, true), (.nan, 0, 1e300, 1, false),
    (0, -0.0, 0, 0, true),
  ])
  func tolerances(
    _ a: Float, _ b: Float, _ absolute: Double, _ relative: Double, _ isNear: Bool
  ) throws {
    let found = try compare(.leaf(try array([a])), .leaf(try array([b]))) {
      $0.tolerance = Tolerance(absolute: absolute, relative: relative)
    }
    #expect(found.isEmpty == isNear)
  }

  @Test func largeIntegersAreNotRounded() throws {
    func leaf(_ number: UInt64, _ dtype: DType) throws -> ArrayLeaf {
      try bytes(dtype, (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }, [1])
    }
    let a = Tree.leaf(try leaf(1 << 60 + 1, .uint64))
    let b = Tree.leaf(try leaf(1 << 60, .uint64))
    #expect(
      try compare(a, b) { $0.tolerance = Tolerance(absolute: 0.5) } == [
        "/: the element differs: 1152921504606846977 vs 1152921504606846976; "
          + "largest difference 1 (relative 8.67e-19)"
      ])
    #expect(try compare(a, b) { $0.tolerance = Tolerance(absolute: 1) } == [])
    // 2^60 as a float.
    let c = Tree.leaf(try leaf(Double(0x1p60).bitPattern, .float64))
    #expect(try compare(a, c) { $0.ignoresDTypes = true }.count == 1)
    #expect(try compare(b, c) { $0.ignoresDTypes = true } == [])
  }

  @Test func otherTypesAreComparedByValueIfAsked() throws {
    let a = Tree.leaf(try array([1, -2, 0.5]))
    // 1, −2, 0.5 and 1, −2, 0.25 as bfloat16.
    let b = Tree.leaf(try bytes(.bfloat16, [0x80, 0x3F, 0x00, 0xC0, 0x00, 0x3F], [3]))
    let c = Tree.leaf(try bytes(.bfloat16, [0x80, 0x3F, 0x00, 0xC0, 0x80, 0x3E], [3]))
    #expect(try compare(a, b) == ["/: float32 [3] vs bfloat16 [3]"])
    // Infinity, −0 and NaN as float32 and as bfloat16.
    let odd = Tree.leaf(try array([.infinity, 0, .nan]))
    let same = Tree.leaf(try bytes(.bfloat16, [0x80, 0x7F, 0x00, 0x80, 0xC1, 0xFF], [3]))
    #expect(try compare(odd, same) { $0.ignoresDTypes = true } == [])
    #expect(try compare(a, b) { $0.ignoresDTypes = true } == [])
    #expect(
      try compare(a, c) { $0.ignoresDTypes = true } == [
        "/: 1 of 3 elements differ, first [2]: 0.5 vs 0.25; largest difference 0.25 (relative 1)"
      ])
    #expect(
      try compare(a, c) {
        $0.ignoresDTypes = true
        $0.tolerance = Tolerance(absolute: 0.25)
      } == [])
  }

  @Test func shapesAndMarksOfRandomKeys() throws {
    #expect(
      try compare(.leaf(try array([1, 2, 3, 4], [4])), .leaf(try array([1, 2, 3, 4], [2, 2])))
        == ["/: float32 [4] vs float32 [2, 2]"])
    let data = try NDArray(dtype: .uint32, shape: try #require(Shape([1])), bytes: [1, 2, 3, 4])
    #expect(
      try compare(
        .leaf(ArrayLeaf(data, prngImplementation: "threefry2x32")), .leaf(ArrayLeaf(data)))
        == ["/: random key threefry2x32 vs none"])
  }

  // MARK: Structure

  @Test func nodesOfOneSideOnly() throws {
    let leaf = Tree.leaf(try array([1, 2]))
    let a = Tree.dict([.init("x", leaf), .init(7, .list([leaf, leaf])), .init("s", .list([leaf]))])
    let b = Tree.dict([.init("x", leaf), .init("7", leaf), .init("s", .list([leaf, leaf]))])
    #expect(
      try compare(a, b) == [
        "%#7: only in A: a list of 2 with 2 arrays", "s/1: only in B: float32 [2]",
        "7: only in B: float32 [2]",
      ])
  }

  @Test func kindsOfContainers() throws {
    let leaf = Tree.leaf(try array([1, 2]))
    #expect(try compare(.list([leaf]), .tuple([leaf])) == ["/: list vs tuple"])
    #expect(try compare(.list([]), .dict([])) == ["/: an empty list vs an empty dict"])
    #expect(
      try compare(.value(.int(IntegerText(3))), leaf) == ["/: int 3 vs float32 [2]"])
    let record = Tree.record(.init(type: "Adam", fields: [.init("mu", leaf)]))
    let other = Tree.record(.init(type: "Sgd", fields: [.init("mu", leaf)]))
    #expect(try compare(record, other) == [#"/: record type "Adam" vs "Sgd""#])
    #expect(try compare(record, .dict([.init("mu", leaf)])) == ["/: record vs dict"])
  }

  @Test func orderCountsIfAsked() throws {
    let leaf = Tree.leaf(try array([1]))
    let a = Tree.dict([.init("a", leaf), .init("b", leaf), .init("c", leaf)])
    let b = Tree.dict([.init("a", leaf), .init("c", leaf), .init("b", leaf)])
    #expect(try compare(a, b) == [])
    #expect(try compare(a, b) { $0.comparesOrder = true } == ["/: order b first vs c first"])
  }

  @Test func values() throws {
    func compare(_ a: TreeValue, _ b: TreeValue, _ tolerance: Tolerance? = nil) throws -> [String] {
      try self.compare(.value(a), .value(b)) { $0.tolerance = tolerance }
    }
    #expect(try compare(.int(IntegerText(3)), .int(IntegerText(4))) == ["/: int 3 vs int 4"])
    #expect(try compare(.int(IntegerText(3)), .int(IntegerText(4)), .init(absolute: 1)) == [])
    #expect(try compare(.float(.init(0.0)), .float(.init(-0.0))) == ["/: float 0.0 vs float -0.0"])
    #expect(try compare(.float(.init(0.0)), .float(.init(-0.0)), .init()) == [])
    #expect(try compare(.int(IntegerText(1)), .float(.init(1)), .init()).count == 1)
    #expect(try compare(.string("é"), .string("e\u{301}")).count == 1)
    #expect(try compare(.null, .bool(false)) == ["/: none vs bool false"])
    let big = try #require(IntegerText("1180591620717411303424"))
    #expect(try compare(.int(big), .int(big)) == [])
  }

  // MARK: Parts and metadata

  @Test func partsArePairedByName() throws {
    let leaf = Tree.leaf(try array([1]))
    var a = CheckpointContents(
      format: "memory",
      root: .named([
        .init("state", .tree(leaf)), .init("old", .json(.null)),
        .init("notes", .json(.object([.init("lr", .number("0.1")), .init("x", .null)]))),
      ]))
    var b = CheckpointContents(
      format: "memory",
      root: .named([
        .init("notes", .json(.object([.init("lr", .number("0.10"))]))),
        .init("state", .tree(leaf)),
      ]))
    a.step = 5
    b.metrics = .object([])
    func run(_ change: (inout ComparisonOptions) -> Void = { _ in }) throws -> [String] {
      var options = ComparisonOptions()
      change(&options)
      return try Comparison.run(.checkpoint(a), .checkpoint(b), options: options)
        .differences.map(\.description)
    }
    #expect(
      try run() == [
        "old: only in A: a JSON value", "notes#/lr: 0.1 vs 0.10", "notes#/x: only in A: null",
      ])
    #expect(try run { $0.tolerance = Tolerance() }.count == 2)
    #expect(
      try run { $0.comparesMetadata = true }.suffix(2) == [
        "step: only in A: 5", "metrics: only in B: an object of 0",
      ])
    // A part without a name is compared with the tree that a load would take.
    let single = contents(leaf)
    #expect(try Comparison.run(.checkpoint(single), .checkpoint(a)).isEqual)
  }

  /// A format that has names gives one to what had none.
  @Test func theOnlyPartNeedsNoName() throws {
    func files(_ byte: UInt8) -> Checkpointable {
      .files([.init(path: "a", bytes: MemoryBytes([byte]))])
    }
    func compare(_ a: CheckpointContents.Root, _ b: CheckpointContents.Root) throws -> [String] {
      try Comparison.run(
        .checkpoint(CheckpointContents(format: "memory", root: a)),
        .checkpoint(CheckpointContents(format: "memory", root: b))
      ).differences.map(\.kind.rawValue)
    }
    let named = CheckpointContents.Root.named([.init("raw", files(1))])
    #expect(try compare(.unnamed(files(1)), named) == [])
    #expect(try compare(named, .unnamed(files(2))) == ["bytes"])
    #expect(try compare(.unnamed(.tree(.list([]))), named) == ["kind"])
    let two = CheckpointContents.Root.named([.init("raw", files(1)), .init("more", files(1))])
    #expect(failure { _ = try compare(.unnamed(files(1)), two) }?.code == .usageChoice)
  }

  @Test func selectionNarrowsTheComparison() throws {
    let (one, two) = (Tree.leaf(try array([1])), Tree.leaf(try array([2])))
    let a = Tree.dict([.init("p", .dict([.init("w", one), .init("b", one)])), .init("q", one)])
    let b = Tree.dict([.init("p", .dict([.init("w", two), .init("c", one)])), .init("q", two)])
    let glob = { (text: String) throws in try PathGlob(text) }
    let w = try glob("p/w")
    let p = try glob("p")
    let none = try glob("x/**")
    #expect(try compare(a, b) { $0.selection = [w] }.count == 1)
    #expect(try compare(a, b) { $0.selection = [p] }.count == 3)
    #expect(throws: CoppiceError.self) { try compare(a, b) { $0.selection = [none] } }
  }

  @Test func theListIsCutAndTheCountIsWhole() throws {
    let (one, two) = (Tree.leaf(try array([1])), Tree.leaf(try array([2])))
    let keys = (0..<50).map { TreeKey.integer($0) }
    var options = ComparisonOptions()
    options.limit = 7
    let result = try Comparison.run(
      .checkpoint(contents(.dict(keys.map { .init($0, one) }))),
      .checkpoint(contents(.dict(keys.map { .init($0, two) }))), options: options)
    #expect(result.count == 50 && result.arrayCount == 50)
    #expect(result.differences.map(\.path) == (0..<7).map { "%#\($0)" })
  }
}
