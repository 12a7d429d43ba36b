import CoppiceFormat
import CoppiceModel
import CoppiceTestSupport
import Testing

/// Shards are the boxes of a grid: 5.2.
struct ShardTests {
  @Test func boxesAreInCOrder() throws {
    let grid = try ShardGrid([.at([1]), .each(2)], of: [4, 5])
    #expect(
      grid.map(\.description) == [
        "[0:1, 0:2]", "[0:1, 2:4]", "[0:1, 4:5]", "[1:4, 0:2]", "[1:4, 2:4]", "[1:4, 4:5]",
      ])
    #expect(grid.largestShape == [3, 2])
    #expect(Array(try ShardGrid([] as [ShardGrid.Cuts], of: [])) == [ArrayBox(whole: [])])
    #expect(try ShardGrid([.each(1), .each(1)], of: [1 << 10, 1 << 10]).count == 1 << 20)
  }

  @Test(
    arguments: [
      ([[0], [0]], [.each(4), .each(5)]), ([[0, 2], [0]], [.each(2), .each(5)]),
      ([[0, 3], [0]], [.each(3), .each(5)]), ([[0, 1], [0, 2, 4]], [.at([1]), .each(2)]),
      ([[0, 1, 3], [0, 3]], [.at([1, 3]), .each(3)]),
      ([[0, 1, 2, 3], [0, 1, 4]], [.each(1), .at([1, 4])]),
    ] as [([[Int]], [ShardGrid.Cuts])])
  func boxesTellTheirGrid(_ starts: [[Int]], _ cuts: [ShardGrid.Cuts]) throws {
    let boxes = try boxes(starts, of: [4, 5])
    let grid = try ShardGrid(boxes.reversed(), of: [4, 5])
    #expect(grid.cuts == cuts)
    #expect(Array(grid) == boxes)
  }

  @Test func whatIsNoGridIsRefused() throws {
    let boxes = try boxes([[0, 2], [0, 2]], of: [4, 4])
    func isRefused(_ boxes: [ArrayBox]) -> Bool {
      code { _ = try ShardGrid(boxes, of: [4, 4]) } == "sharding.bad-shards"
    }
    #expect(!isRefused(boxes))
    #expect(isRefused([]))
    #expect(isRefused(Array(boxes.dropLast())))
    #expect(isRefused(boxes + [boxes[0]]))
    #expect(isRefused(boxes.dropLast() + [boxes[0]]))
    // A gap and an overlap of as many elements.
    let moved = try #require(ArrayBox(offset: [2, 1], shape: [2, 2]))
    #expect(isRefused(boxes.dropLast() + [moved]))
    let outside = try #require(ArrayBox(offset: [2, 2], shape: [3, 2]))
    #expect(isRefused(boxes.dropLast() + [outside]))
    let rank = try #require(ArrayBox(offset: [2], shape: [2]))
    #expect(isRefused(boxes.dropLast() + [rank]))
  }

  /// A pinwheel, which no straight cut divides.
  @Test func pinwheelsAreRefused() throws {
    let boxes = [
      ([0, 0], [1, 2]), ([0, 2], [2, 1]), ([1, 0], [2, 1]), ([1, 1], [1, 1]), ([2, 1], [1, 2]),
    ].map { ArrayBox(offset: $0.0, shape: Shape($0.1)!)! }
    #expect(code { _ = try ShardGrid(boxes, of: [3, 3]) } == "sharding.bad-shards")
  }

  /// The boxes that begin at some indices of each dimension.
  private func boxes(_ starts: [[Int]], of shape: Shape) throws -> [ArrayBox] {
    let ends = zip(starts, shape.dimensions).map { $0.dropFirst() + [$1] }
    var boxes: [ArrayBox] = []
    for (row, rowEnd) in zip(starts[0], ends[0]) {
      for (column, columnEnd) in zip(starts[1], ends[1]) {
        let extents = try #require(Shape([rowEnd - row, columnEnd - column]))
        boxes.append(try #require(ArrayBox(offset: [row, column], shape: extents)))
      }
    }
    return boxes
  }
}
