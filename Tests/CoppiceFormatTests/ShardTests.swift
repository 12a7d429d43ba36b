import CoppiceFormat
import CoppiceModel
import CoppiceTestSupport
import Testing

/// Shards are disjoint and cover: 5.2.
struct ShardTests {
  @Test func gridsCover() throws {
    for counts in [[1], [7], [3, 4], [2, 3, 5], [64, 64], [1, 1, 2000]] {
      let (boxes, shape) = grid(counts)
      #expect(throws: Never.self, "\(counts)") { try ShardTable.check(boxes, cover: shape) }
    }
    #expect(throws: Never.self) {
      try ShardTable.check([ArrayBox(whole: .scalar)], cover: .scalar)
    }
  }

  /// Both methods: few shards are compared in pairs, many with the randomised test.
  @Test(arguments: [[4, 4], [40, 40]])
  func whatIsWrongIsSaid(_ counts: [Int]) throws {
    let (boxes, shape) = grid(counts)
    let middle = boxes.count / 2

    var missing = boxes
    missing.remove(at: middle)
    #expect(code { try ShardTable.check(missing, cover: shape) } == "sharding.gap")

    var moved = boxes
    moved[middle] = moved[middle - 1]
    #expect(code { try ShardTable.check(moved, cover: shape) } == "sharding.overlap")

    // As many elements as before, one of them in two shards and one in none.
    var shifted = boxes
    let box = shifted[middle]
    shifted[middle] = ArrayBox(
      offset: [box.offset[0], box.offset[1] + 1], shape: box.shape)!
    #expect(code { try ShardTable.check(shifted, cover: shape) } == "sharding.overlap")

    var larger = boxes
    larger[middle] = ArrayBox(
      offset: box.offset, shape: Shape([box.shape.dimensions[0] + 1, box.shape.dimensions[1]])!)!
    #expect(code { try ShardTable.check(larger, cover: shape) } == "sharding.overlap")

    var outside = boxes
    outside[boxes.count - 1] = ArrayBox(
      offset: boxes[boxes.count - 1].offset, shape: Shape([5, 3])!)!
    #expect(code { try ShardTable.check(outside, cover: shape) } == "sharding.outside")

    var swapped = boxes
    swapped.swapAt(0, 1)
    #expect(code { try ShardTable.check(swapped, cover: shape) } == "sharding.order")

    #expect(code { try ShardTable.check([], cover: shape) } == "sharding.bad-shards")
  }

  /// A pinwheel, which no straight cut divides.
  @Test func pinwheelsCover() throws {
    let boxes = [
      ([0, 0], [1, 2]), ([0, 2], [2, 1]), ([1, 0], [2, 1]), ([1, 1], [1, 1]), ([2, 1], [1, 2]),
    ].map { ArrayBox(offset: $0.0, shape: Shape($0.1)!)! }
    #expect(throws: Never.self) { try ShardTable.check(boxes, cover: Shape([3, 3])!) }
  }

  /// Returns a grid of boxes, of two or three elements along each dimension in turn.
  private func grid(_ counts: [Int]) -> ([ArrayBox], Shape) {
    let chunk = Shape((0..<counts.count).map { 2 + $0 % 2 })!
    let shape = Shape(zip(counts, chunk.dimensions).map { $0 * $1 })!
    let grid = ChunkGrid(shape: shape, chunk: chunk)!
    return ((0..<grid.cellCount).compactMap { grid.box($0) }, shape)
  }
}
