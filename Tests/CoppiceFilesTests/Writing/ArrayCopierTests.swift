import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Pieces of an array go where they were planned, and all of them.
struct ArrayCopierTests {
  /// The bytes 0, 1, 2, … in an array of a length, of which a source gives others.
  private struct Counting: ArraySource {
    let dtype = DType.uint8
    let shape: Shape
    /// The number of bytes that come.
    let given: Int

    init(_ count: Int, giving given: Int? = nil) throws {
      shape = try #require(Shape([count]))
      self.given = given ?? count
    }

    func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {}

    func forEachPiece(
      ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
    ) throws(CoppiceError) {
      for start in stride(from: 0, to: given, by: limit) {
        let piece = (start..<min(start + limit, given)).map { UInt8($0) }
        try body(piece.span.bytes)
      }
    }
  }

  private let directory: TemporaryDirectory
  private let files: [OutputFile]

  init() throws {
    directory = try TemporaryDirectory()
    files = [try OutputFile(at: directory("a")), try OutputFile(at: directory("b"))]
  }

  private func copy(
    _ source: Counting, to ranges: [OutputRange], _ monitor: OperationMonitor = .init(),
    inspect: (RawSpan) -> Void = { _ in }
  ) throws(CoppiceError) {
    try ArrayCopier(pieceBytes: 4, durability: .durable, monitor: monitor).copy(
      source, of: TreePath([.key("w")]), to: ranges, inspect: inspect)
  }

  @Test func piecesAreCutAtTheBordersOfRanges() throws {
    let monitor = OperationMonitor()
    var sizes: [Int] = []
    try copy(
      Counting(9),
      to: [
        .init(files[0], offset: 2, byteCount: 3), .init(files[1], offset: 0, byteCount: 0),
        .init(files[1], offset: 1, byteCount: 5), .init(files[0], offset: 0, byteCount: 1),
      ], monitor
    ) { sizes.append($0.byteCount) }
    #expect(try readFile(directory("a")) == [8, 0, 0, 1, 2])
    #expect(try readFile(directory("b")) == [0, 3, 4, 5, 6, 7])
    #expect(sizes == [4, 4, 1])
    #expect(monitor.byteCount == 9)
  }

  @Test(arguments: [0, 3, 5, 8]) func wrongNumbersOfBytesAreFaults(_ given: Int) throws {
    let source = try Counting(4, giving: given)
    let error = #expect(throws: CoppiceError.self) {
      try copy(source, to: [.init(files[0], offset: 0, byteCount: 4)])
    }
    #expect(error?.code == .modelByteCount)
    #expect(error?.location.treePath == "w")
  }

  @Test func nothingIsCopiedToNoRanges() throws {
    try copy(Counting(0), to: [])
    try copy(Counting(0), to: [.init(files[0], offset: 7, byteCount: 0)])
    #expect(try readFile(directory("a")) == [])
  }

  @Test func stopsWhenCancelled() throws {
    let monitor = OperationMonitor()
    monitor.cancel()
    let error = #expect(throws: CoppiceError.self) {
      try copy(Counting(9), to: [.init(files[0], offset: 0, byteCount: 9)], monitor)
    }
    #expect(error == .cancelled)
    #expect(monitor.byteCount == 4)
  }
}
