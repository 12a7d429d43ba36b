import CoppiceModel
import CoppiceTestSupport
import Testing

/// The boxes in which an array is stored: whether they make the whole, and reading from them.
struct BoxTableTests {
  private static func table(_ shape: Shape, _ boxes: [ArrayBox]) -> BoxTable? {
    var table = BoxTable(shape)
    for box in boxes.sorted(by: { $0.offset.lexicographicallyPrecedes($1.offset) }) {
      guard table.append(offset: box.offset[...], extents: box.shape.dimensions[...]) else {
        return nil
      }
    }
    return table
  }

  private static func fault(_ shape: Shape, _ boxes: [ArrayBox]) throws -> String? {
    try #require(table(shape, boxes)).fault()
  }

  /// Five boxes around a centre, which no straight cut divides.
  private static let pinwheel: [ArrayBox] = [
    .box([0, 0], [1, 2]), .box([0, 2], [2, 1]), .box([2, 1], [1, 2]), .box([1, 0], [2, 1]),
    .box([1, 1], [1, 1]),
  ]

  @Test func boxesThatMakeTheWhole() throws {
    #expect(try Self.fault([4], [.box([0], [4])]) == nil)
    #expect(try Self.fault([], [.box([], [])]) == nil)
    #expect(try Self.fault([0, 3], []) == nil)
    // Uneven along both dimensions, and divided twice along one.
    #expect(
      try Self.fault(
        [5, 3],
        [
          .box([0, 0], [3, 2]), .box([0, 2], [3, 1]), .box([3, 0], [1, 3]), .box([4, 0], [1, 3]),
        ])
        == nil)
    #expect(try Self.fault([3, 3], Self.pinwheel) == nil)
  }

  @Test func boxesThatDoNot() throws {
    #expect(try Self.fault([4], []) == "its 0 boxes have 0 of its 4 elements")
    #expect(try Self.fault([4], [.box([0], [3])]) == "its 1 boxes have 3 of its 4 elements")
    #expect(
      try Self.fault([4], [.box([0], [2]), .box([1], [2])])
        == "its boxes [0:2] and [1:3] share elements")
    #expect(
      try Self.fault([4], [.box([0], [3]), .box([1], [3])])
        == "two of its 2 boxes share elements")
    #expect(
      try Self.fault([], [.box([], []), .box([], [])]) == "two of its 2 boxes share elements")
    var overlapping = Self.pinwheel
    overlapping[4] = .box([2, 2], [1, 1])
    #expect(try Self.fault([3, 3], overlapping) != nil)
    for box: ArrayBox in [.box([4], [1]), .box([3], [2]), .box([0], [0]), .box([0, 0], [1, 1])] {
      #expect(Self.table([4], [box]) == nil, "\(box)")
    }
  }

  /// A staircase, of which each cut divides one box from all others.
  @Test(.timeLimit(.minutes(1))) func manyBoxesTakeLittleTime() throws {
    let grid = try #require(ChunkGrid(shape: [90, 90], chunk: [2, 2]))
    let boxes = (0..<grid.cellCount).compactMap { grid.box($0) }
    #expect(try Self.fault([90, 90], boxes) == nil)
    var stairs: [ArrayBox] = []
    for step in 0..<300 {
      stairs.append(.box([step, step], [1, 300 - step]))
      if step < 299 { stairs.append(.box([step + 1, step], [299 - step, 1])) }
    }
    _ = try Self.fault([300, 300], stairs)
  }

  @Test func findsTheBoxesThatShareElements() throws {
    let table = try #require(Self.table([3, 3], Self.pinwheel))
    for row in 0..<3 {
      for column in 0..<3 {
        let box = ArrayBox.box([row, column], [1, 1])
        let found = table.candidates(sharing: box).filter { table.shared($0, with: box) != nil }
        #expect(found.count == 1)
      }
    }
    let all = ArrayBox(whole: [3, 3])
    #expect(table.candidates(sharing: all) == 0..<5)
  }

  private struct Parts: ArrayParts {
    let parts: [any ArraySource]

    func source(of part: Int) throws(CoppiceError) -> any ArraySource { parts[part] }
    func place(of part: Int) -> StoredPlace? { nil }
  }

  @Test(arguments: [
    pinwheel, [.box([0, 0], [3, 3])], [.box([0, 0], [3, 1]), .box([0, 1], [3, 2])],
    [.box([0, 0], [1, 3]), .box([1, 0], [2, 3])],
  ])
  func readsFromAllBoxes(_ boxes: [ArrayBox]) throws {
    let bytes = (0..<18).map { UInt8($0) }
    let whole = try NDArray(dtype: .uint16, shape: [3, 3], bytes: bytes)
    let boxes = boxes.sorted { $0.offset.lexicographicallyPrecedes($1.offset) }
    let parts = try boxes.map { try BoxSource(whole, box: $0).load() }
    let source = TiledSource(
      dtype: .uint16, boxes: try #require(Self.table([3, 3], boxes)), parts: Parts(parts: parts))
    #expect(try source.load().withBytes { $0.copied } == bytes)
    for limit in [1, 2, 4, 6, 10, 100] {
      var pieces: [UInt8] = []
      try source.forEachPiece(ofAtMost: limit) { pieces += $0.copied }
      #expect(pieces == bytes, "\(limit)")
    }
    let box = ArrayBox.box([1, 0], [2, 2])
    #expect(
      try BoxSource(source, box: box).load().withBytes { $0.copied }
        == [6, 7, 8, 9, 12, 13, 14, 15])
  }
}
