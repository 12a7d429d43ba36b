import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import Testing

/// Large arrays are compared piece by piece, whatever the size of each side's pieces.
struct LockStepTests {
  /// An array that yields pieces of irregular sizes and fails at a chosen element.
  struct OddPieces: ArraySource {
    let base: NDArray
    let sizes: [Int]
    var failsAt: Int?

    var dtype: DType { base.dtype }
    var shape: Shape { base.shape }

    func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
      try base.read(range, into: &bytes)
    }

    func forEachPiece(
      ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
    ) throws(CoppiceError) {
      try base.withBytes { (whole: RawSpan) throws(CoppiceError) in
        var offset = 0
        var turn = 0
        while offset < whole.byteCount {
          let count = min(sizes[turn % sizes.count] * dtype.width, whole.byteCount - offset)
          if let failsAt, offset + count > failsAt {
            throw CoppiceError(.castOutOfRange, "damaged", at: .init(file: "state/arrays.h5"))
          }
          try body(whole.extracting(offset..<(offset + count)))
          offset += count
          turn += 1
        }
      }
    }
  }

  /// More than two pieces of uint16 of the size that comparisons ask for.
  private static let count = 1_100_001
  private static let bytes: [UInt8] = {
    var bytes = (0..<420).map { UInt8($0 / 7) }
    while bytes.count < 2 * count { bytes += bytes }
    return Array(bytes[..<(2 * count)])
  }()

  private func array(changing place: Int? = nil) throws -> NDArray {
    var bytes = Self.bytes
    if let place { bytes[place * 2] ^= 1 }
    return try NDArray(dtype: .uint16, shape: try #require(Shape([Self.count])), bytes: bytes)
  }

  private func compare(
    _ a: any ArraySource, _ b: any ArraySource, monitor: OperationMonitor = OperationMonitor()
  ) throws -> ComparisonResult {
    let contents = [a, b].map { source in
      CheckpointContents(format: "memory", root: .unnamed(.tree(.leaf(ArrayLeaf(source)))))
    }
    return try Comparison.run(
      .checkpoint(contents[0]), .checkpoint(contents[1]), names: ("left", "right"),
      monitor: monitor)
  }

  @Test(arguments: [
    ([1000], [1000]), ([1, 100_000], [1_100_001]), ([999, 3], [70_001]),
    ([400_000], [7, 100_000, 1]),
  ])
  func piecesMayBeCutAnywhere(_ left: [Int], _ right: [Int]) throws {
    let base = try array()
    let a = OddPieces(base: base, sizes: left)
    #expect(try compare(a, OddPieces(base: base, sizes: right)).isEqual)
    for place in [0, 999, 1000, 70_001, Self.count - 1] {
      let other = OddPieces(base: try array(changing: place), sizes: right)
      let found = try #require(try compare(a, other).differences.first?.elements)
      #expect(found.differing == 1 && found.firstIndex == [place])
      #expect(found.total == Self.count && found.largestAbsolute == 1)
    }
  }

  @Test func failuresNameTheSide() throws {
    let base = try array()
    let whole = OddPieces(base: base, sizes: [50_000])
    let damaged = OddPieces(base: base, sizes: [50_000], failsAt: 2_000_000)
    for (a, b, name) in [(damaged, whole, "left"), (whole, damaged, "right")] {
      do {
        _ = try compare(a, b)
        Issue.record("no failure")
      } catch let error as CoppiceError {
        #expect(error.code == .castOutOfRange)
        #expect(error.location.file == name + "/state/arrays.h5")
      }
    }
  }

  @Test func cancellationStopsBothSides() throws {
    let base = try array()
    let monitor = OperationMonitor()
    monitor.cancel()
    do {
      _ = try compare(base, OddPieces(base: base, sizes: [3]), monitor: monitor)
      Issue.record("not cancelled")
    } catch let error as CoppiceError {
      #expect(error.code == .operationCancelled)
    }
  }
}
