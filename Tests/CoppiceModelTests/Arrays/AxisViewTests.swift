import CoppiceModel
import CoppiceTestSupport
import Foundation
import SystemPackage
import Testing

/// Arrays with their axes in another order, and under another shape.
struct AxisViewTests {
  /// A case of `Tests/Fixtures/Views/make.py`.
  struct NumPyCase: Decodable, Sendable {
    var dtype: String
    var shape: [Int]
    var transpose: [Int]?
    var reshape: [Int]?
    var becomes: [Int]
    var bytes: String
    var result: String
  }

  private static func cases() throws -> [NumPyCase] {
    let path = Specification.package.appending("Tests/Fixtures/Views/views.json")
    return try JSONDecoder().decode(
      [NumPyCase].self, from: Data(contentsOf: URL(filePath: path.string)))
  }

  private static func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(digits[$0...($0 + 1)]), radix: 16)
    }
  }

  @Test func agreesWithNumPy() throws {
    let cases = try Self.cases()
    #expect(cases.count > 40)
    for known in cases {
      let array = try NDArray(
        dtype: #require(DType(rawValue: known.dtype)), shape: #require(Shape(known.shape)),
        bytes: Self.bytes(known.bytes))
      for source in [array, PiecewiseSource(array: array, size: 32)] as [any ArraySource] {
        let view =
          try known.reshape.map { try source.reshaped(to: $0) }
          ?? source.transposed(axes: known.transpose)
        #expect(view.shape.dimensions == known.becomes, "\(known)")
        #expect(try view.load().withBytes { $0.copied } == Self.bytes(known.result), "\(known)")
        #expect(try Self.pieces(of: view) == Self.bytes(known.result), "\(known)")
      }
    }
  }

  private static func pieces(of source: any ArraySource) throws -> [UInt8] {
    var pieces: [UInt8] = []
    try source.forEachPiece(ofAtMost: 24) { pieces += $0.copied }
    return pieces
  }

  private static func box(_ box: ArrayBox, of source: any ArraySource) throws -> [UInt8] {
    var found = [UInt8](repeating: 0, count: box.shape.elementCount * source.dtype.width)
    var span = found.mutableSpan
    var bytes = span.mutableBytes
    try source.read(box, into: &bytes)
    return found
  }

  /// Any box of any view has the elements that its definition says, wherever the base keeps them.
  @Test(arguments: 0..<300)
  func anyBoxHasItsElements(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let dtype = try #require(
      [DType.bool, .int16, .float32, .int64, .complex128].randomElement(using: &random))
    let extents = (0..<Int.random(in: 0...4, using: &random)).map { _ in
      Int.random(in: 1...5, using: &random)
    }
    let shape = try #require(Shape(extents))
    let array = try NDArray(
      dtype: dtype, shape: shape,
      bytes: (0..<(shape.elementCount * dtype.width)).map {
        UInt8(truncatingIfNeeded: $0 * 41) & (dtype == .bool ? 1 : 255)
      })
    let axes = extents.indices.shuffled(using: &random)
    // The factors of the element count, shared out at random.
    var new = [1, 1, 1]
    for extent in extents { new[Int.random(in: 0..<3, using: &random)] *= extent }
    var given = new
    if Bool.random(using: &random) { given[Int.random(in: 0..<3, using: &random)] = -1 }
    for base in [array, PiecewiseSource(array: array)] as [any ArraySource] {
      let transposed = try base.transposed(axes: axes)
      let part = try Self.someBox(of: transposed.shape, &random)
      let expected = Self.elements(of: part) { index in
        var place = 0
        for (axis, extent) in extents.enumerated() {
          place = place * extent + index[axes.firstIndex(of: axis) ?? 0]
        }
        return place
      }
      let all = array.withBytes { $0.copied }
      let width = dtype.width
      #expect(
        try Self.box(part, of: transposed)
          == expected.flatMap { all[($0 * width)..<(($0 + 1) * width)] })
      let reshaped = try base.reshaped(to: given)
      #expect(reshaped.shape.dimensions == new)
      let other = try Self.someBox(of: reshaped.shape, &random)
      let elements = Self.elements(of: other) { index in
        zip(index, new).reduce(0) { $0 * $1.1 + $1.0 }
      }
      #expect(
        try Self.box(other, of: reshaped)
          == elements.flatMap { all[($0 * width)..<(($0 + 1) * width)] })
      // And a view of a view.
      let both = try transposed.reshaped(to: given).reshaped(to: transposed.shape.dimensions)
      #expect(try Self.pieces(of: both) == Self.pieces(of: transposed))
    }
  }

  private static func someBox(
    of shape: Shape, _ random: inout SeededGenerator
  ) throws -> ArrayBox {
    let starts = shape.dimensions.map { Int.random(in: 0..<$0, using: &random) }
    let extents = zip(shape.dimensions, starts).map {
      Int.random(in: 1...($0 - $1), using: &random)
    }
    return .box(starts, extents)
  }

  /// Returns the number that a closure gives for each index of a box, in C order.
  private static func elements(of box: ArrayBox, _ number: ([Int]) -> Int) -> [Int] {
    var indices: [[Int]] = [[]]
    for dimension in 0..<box.rank {
      indices = indices.flatMap { index in
        (box.offset[dimension]..<box.end(dimension)).map { index + [$0] }
      }
    }
    return indices.map(number)
  }

  @Test func refusesOtherAxesAndCounts() throws {
    let array = try NDArray(
      dtype: .uint8, shape: #require(Shape([2, 3])), bytes: [0, 1, 2, 3, 4, 5])
    for axes in [[], [0], [0, 0], [0, 2], [1, 0, 2], [-1, 0], [0, 1, 1]] {
      #expect(code { _ = try array.transposed(axes: axes) } == "usage.shape", "\(axes)")
    }
    for extents in [
      [], [5], [-1, 4], [-1, -1], [-2, 3], [0, -1], [7, 1], [Int.max, -1], [Int.max, Int.max],
    ] {
      #expect(code { _ = try array.reshaped(to: extents) } == "usage.shape", "\(extents)")
    }
    let empty = try NDArray(dtype: .uint8, shape: #require(Shape([0, 3])), bytes: [])
    // numpy: cannot reshape array of size 0 into shape (0,newaxis)
    #expect(code { _ = try empty.reshaped(to: [0, -1]) } == "usage.shape")
    #expect(try empty.reshaped(to: [2, -1]).shape.dimensions == [2, 0])
  }
}
