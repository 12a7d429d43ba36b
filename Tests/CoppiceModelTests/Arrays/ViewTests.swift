import CoppiceModel
import CoppiceTestSupport
import Synchronization
import Testing

/// Arrays that are parts of others, or made of others, or of another size.
struct ViewTests {
  private static func counting(_ dimensions: [Int], from first: Int = 0) throws -> NDArray {
    let shape = try #require(Shape(dimensions))
    return try NDArray(
      dtype: .uint16, shape: shape,
      bytes: (0..<shape.elementCount).flatMap { index in
        [UInt8(truncatingIfNeeded: first + index), UInt8(truncatingIfNeeded: (first + index) >> 8)]
      })
  }

  private static func values(_ source: any ArraySource) throws -> [Int] {
    try source.load().withBytes { bytes in
      stride(from: 0, to: bytes.byteCount, by: 2).map {
        Int(bytes.unsafeLoadUnaligned(fromByteOffset: $0, as: UInt16.self))
      }
    }
  }

  /// The same piece by piece, and box by box.
  private static func agreesInPieces(_ source: any ArraySource) throws -> Bool {
    let whole = try source.load()
    var pieces: [UInt8] = []
    try source.forEachPiece(ofAtMost: 6) { pieces += $0.copied }
    guard pieces == whole.withBytes({ $0.copied }) else { return false }
    for limit in [2, 10, 22] {
      for band in ContiguousSlabs(of: source.shape, width: 2, limit: limit) {
        var found = [UInt8](repeating: 0, count: band.shape.elementCount * 2)
        var expected = found
        var a = found.mutableSpan
        var b = a.mutableBytes
        try source.read(band, into: &b)
        var c = expected.mutableSpan
        var d = c.mutableBytes
        try whole.read(band, into: &d)
        guard found == expected else { return false }
      }
    }
    return true
  }

  @Test func boxesAreParts() throws {
    let base = try Self.counting([3, 4])
    let part = try BoxSource(base, box: .box([1, 1], [2, 2]))
    #expect(try Self.values(part) == [5, 6, 9, 10])
    #expect(try Self.agreesInPieces(part))
    #expect(throws: CoppiceError.self) { try BoxSource(base, box: .box([2, 0], [2, 4])) }
    #expect(throws: CoppiceError.self) { try BoxSource(base, box: .box([0], [3])) }
  }

  @Test func stacksAlongANewAxis() throws {
    let parts = [try Self.counting([2, 2]), try Self.counting([2, 2], from: 10)]
    // numpy.stack(parts, axis=0), 1, 2
    let expected = [
      [0, 1, 2, 3, 10, 11, 12, 13], [0, 1, 10, 11, 2, 3, 12, 13], [0, 10, 1, 11, 2, 12, 3, 13],
    ]
    let shapes = [[2, 2, 2], [2, 2, 2], [2, 2, 2]]
    for axis in 0...2 {
      let stack = try StackedSource(stacking: parts, axis: axis)
      #expect(stack.shape.dimensions == shapes[axis])
      #expect(try Self.values(stack) == expected[axis])
      #expect(try Self.agreesInPieces(stack))
      // And back.
      let back = try stack.unstacked(axis: axis)
      #expect(try back.map(Self.values) == [[0, 1, 2, 3], [10, 11, 12, 13]])
      #expect(back.allSatisfy { $0.shape.dimensions == [2, 2] })
    }
    #expect(throws: CoppiceError.self) { try StackedSource(stacking: parts, axis: 3) }
    #expect(throws: CoppiceError.self) { try StackedSource(stacking: parts, axis: -1) }
    #expect(throws: CoppiceError.self) { try StackedSource(stacking: [], axis: 0) }
    let other = try Self.counting([4])
    #expect(throws: CoppiceError.self) { try StackedSource(stacking: parts + [other], axis: 0) }
  }

  @Test func stacksScalars() throws {
    let stack = try StackedSource(
      stacking: [try Self.counting([], from: 5), try Self.counting([], from: 6)], axis: 0)
    #expect(try Self.values(stack) == [5, 6])
    #expect(try stack.unstacked(axis: 0).map(Self.values) == [[5], [6]])
  }

  @Test func joinsAlongAnAxisAndSplits() throws {
    let parts = [
      try Self.counting([2, 1]), try Self.counting([2, 0]), try Self.counting([2, 3], from: 10),
    ]
    // numpy.concatenate(parts, axis=1)
    let joined = try StackedSource(joining: parts, axis: 1)
    #expect(joined.shape.dimensions == [2, 4])
    #expect(try Self.values(joined) == [0, 10, 11, 12, 1, 13, 14, 15])
    #expect(try Self.agreesInPieces(joined))
    let back = try joined.split(axis: 1, extents: [1, 0, 3])
    #expect(try back.map(Self.values) == [[0, 1], [], [10, 11, 12, 13, 14, 15]])
    #expect(throws: CoppiceError.self) { try joined.split(axis: 1, extents: [1, 2]) }
    #expect(throws: CoppiceError.self) { try joined.split(axis: 1, extents: [5]) }
    #expect(throws: CoppiceError.self) { try joined.split(axis: 1, extents: [5, -1]) }
    #expect(throws: CoppiceError.self) { try joined.split(axis: 2, extents: [4]) }
    #expect(throws: CoppiceError.self) { try StackedSource(joining: parts, axis: 0) }
    let wide = try NDArray(dtype: .int8, shape: #require(Shape([2, 1])), bytes: [0, 0])
    #expect(throws: CoppiceError.self) { try StackedSource(joining: parts + [wide], axis: 1) }
  }

  @Test func resizesAtTheEnds() throws {
    let base = try Self.counting([2, 3])
    // numpy.pad(x, [(0, 1), (0, 2)])
    let larger = try ResizingSource(base, to: #require(Shape([3, 5])))
    #expect(try Self.values(larger) == [0, 1, 2, 0, 0, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0])
    #expect(try Self.agreesInPieces(larger))
    let mixed = try ResizingSource(base, to: #require(Shape([4, 2])), fill: [0x02, 0x01])
    #expect(try Self.values(mixed) == [0, 1, 3, 4, 258, 258, 258, 258])
    #expect(try Self.agreesInPieces(mixed))
    #expect(throws: CoppiceError.self) { try ResizingSource(base, to: #require(Shape([6]))) }
    #expect(throws: CoppiceError.self) {
      try ResizingSource(base, to: #require(Shape([6, 1])), fill: [1])
    }
  }

  /// Bytes that count how many of them are read.
  private final class Counted: ByteSource {
    let bytes: [UInt8]
    let storage: ArrayStorage
    let reads = Mutex<[Int]>([])
    init(_ count: Int) throws {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
      self.bytes = bytes
      let shape = try #require(Shape([count]))
      storage = try NDArray(dtype: .uint8, shape: shape, bytes: bytes).storage
    }
    var byteCount: Int { bytes.count }
    func read(at offset: Int, into target: inout MutableRawSpan) throws(CoppiceError) {
      let count = target.byteCount
      reads.withLock { $0.append(count) }
      try storage.read(at: offset, into: &target)
    }
  }

  private func read(
    _ box: ArrayBox, of shape: [Int], _ source: Counted, width: Int = 1
  ) throws -> [UInt8] {
    var output = [UInt8](repeating: 0, count: box.shape.elementCount * width)
    var span = output.mutableSpan
    var bytes = span.mutableBytes
    try source.read(
      box, of: #require(Shape(shape)), width: width, to: ArrayBox(whole: box.shape),
      of: box.shape, into: &bytes)
    return output
  }

  @Test func rowsFarApartAreReadAlone() throws {
    let source = try Counted(10 * 8192)
    let output = try read(.box([2, 100], [3, 50]), of: [10, 8192], source)
    #expect(
      output
        == (2..<5).flatMap { row in (100..<150).map { source.bytes[row * 8192 + $0] } })
    #expect(source.reads.withLock { $0 } == [50, 50, 50])
  }

  @Test func rowsCloseTogetherAreReadAtOnce() throws {
    let source = try Counted(1000 * 100)
    let output = try read(.box([0, 99], [1000, 1]), of: [1000, 100], source)
    #expect(output == (0..<1000).map { source.bytes[$0 * 100 + 99] })
    #expect(source.reads.withLock { $0 } == [99_901])
  }

  @Test func wholeRowsGoStraightToTheirPlace() throws {
    let source = try Counted(5 << 20)
    let output = try read(.box([1, 0], [3, 1 << 20]), of: [5, 1 << 20], source)
    #expect(output == Array(source.bytes[(1 << 20)..<(4 << 20)]))
    #expect(source.reads.withLock { $0 } == [3 << 20])
  }

  @Test func boxesInLargerRequestsGoToTheirPlaces() throws {
    // x[1:3] of four rows to the columns 1 to 3 of a request with five columns.
    let source = try Counted(4 * 3)
    var output = [UInt8](repeating: 0xFF, count: 2 * 5)
    var span = output.mutableSpan
    var bytes = span.mutableBytes
    try source.read(
      .box([1, 0], [2, 3]), of: #require(Shape([4, 3])), width: 1, to: .box([0, 1], [2, 3]),
      of: #require(Shape([2, 5])), into: &bytes)
    var expected: [UInt8] = [0xFF]
    expected += source.bytes[3..<6]
    expected += [0xFF, 0xFF]
    expected += source.bytes[6..<9]
    expected += [0xFF]
    #expect(output == expected)
  }
}
