import CoppiceModel
import Testing

/// Where the bytes of a box lie in an array, against a walk over every element.
struct BoxRunTests {
  private static let boxes: [(shape: [Int], offset: [Int], extents: [Int])] = [
    ([], [], []), ([7], [2], [3]), ([4, 6], [1, 2], [2, 3]), ([4, 6], [0, 0], [4, 6]),
    ([4, 6], [3, 0], [1, 6]), ([3, 1, 5], [0, 0, 1], [3, 1, 2]),
    ([2, 3, 4], [1, 0, 0], [1, 3, 4]),
    ([2, 3, 4], [0, 1, 3], [2, 2, 1]), ([1, 1, 9], [0, 0, 8], [1, 1, 1]),
  ]

  /// The byte offsets in the array of the elements of the box, in order.
  private static func places(_ index: Int, _ width: Int) -> [Int] {
    let (shape, offset, extents) = boxes[index]
    var places = [0]
    for (dimension, extent) in shape.enumerated() {
      let range = offset[dimension]..<(offset[dimension] + extents[dimension])
      places = places.flatMap { place in range.map { place * extent + $0 } }
    }
    return places.map { $0 * width }
  }

  private static func runs(_ index: Int, _ width: Int) throws -> (whole: Shape, runs: BoxRuns) {
    let (shape, offset, extents) = boxes[index]
    let whole = try #require(Shape(shape))
    let box = try #require(ArrayBox(offset: offset, shape: Shape(extents)!))
    return (whole, BoxRuns(of: box, in: whole, width: width))
  }

  @Test(arguments: boxes.indices, [1, 4])
  func countsWhatLiesBefore(_ index: Int, _ width: Int) throws {
    let (whole, runs) = try Self.runs(index, width)
    let places = Self.places(index, width)
    for element in 0...whole.elementCount {
      let before = places.count { $0 < element * width } * width
      #expect(runs.boxOffset(before: element * width) == before)
    }
    #expect(runs.wholeRange == places[0]..<(places[places.count - 1] + width))
  }

  @Test(arguments: boxes.indices, [1, 4])
  func beginsAnywhere(_ index: Int, _ width: Int) throws {
    let (_, runs) = try Self.runs(index, width)
    let bytes = Self.places(index, width).flatMap { $0..<($0 + width) }
    for start in 0...bytes.count {
      var iterator = runs.makeIterator(from: start)
      var found: [Int] = []
      while let run = iterator.next() {
        #expect(run.boxOffset == start + found.count)
        found += run.wholeOffset..<(run.wholeOffset + run.count)
      }
      #expect(found == Array(bytes[start...]))
    }
  }
}
