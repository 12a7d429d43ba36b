import CoppiceModel

/// The order of the elements in the chunks of an array.
struct ZarrChunkOrder: Sendable {
  /// The bytes of an element.
  let width: Int
  /// The bytes of a decoded chunk.
  let chunkBytes: Int
  /// The distance in a decoded chunk between neighbours along each dimension, in bytes.
  let steps: [Int]
  /// Whether a chunk's elements are in C order, ignoring dimensions of one element.
  let isC: Bool

  /// Makes an order; `order` lists the dimensions in the order in which they are stored.
  init(_ chunk: Shape, width: Int, order: [Int]?) {
    func steps(_ order: [Int]) -> [Int] {
      var steps = Array(repeating: width, count: chunk.rank)
      var step = width
      for dimension in order.reversed() {
        steps[dimension] = step
        step *= chunk.dimensions[dimension]
      }
      return steps
    }
    let all = Array(0..<chunk.rank)
    let (own, c) = (steps(order ?? all), steps(all))
    self.width = width
    self.steps = own
    chunkBytes = chunk.elementCount * width
    isC = all.allSatisfy { chunk.dimensions[$0] == 1 || own[$0] == c[$0] }
  }
}
