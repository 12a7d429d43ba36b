import CoppiceModel
import CoppiceTestSupport
import Testing

/// Parts of arrays by index, slice and step, as in NumPy.
struct ArraySelectionTests {
  /// `numpy.arange(60).reshape(3, 4, 5)`, and what NumPy selects of it.
  static let parts: [(text: String, shape: [Int], values: [Int64])] = [
    ("0", [4, 5], Array(0..<20)),
    ("-1, 0", [5], Array(40..<45)),
    ("1,2,3", [], [33]),
    ("0:2,1,:", [2, 5], [5, 6, 7, 8, 9, 25, 26, 27, 28, 29]),
    ("::2, ::3, ::4", [2, 2, 2], [0, 4, 15, 19, 40, 44, 55, 59]),
    ("..., -1", [3, 4], [4, 9, 14, 19, 24, 29, 34, 39, 44, 49, 54, 59]),
    ("2, ..., 1:3", [4, 2], [41, 42, 46, 47, 51, 52, 56, 57]),
    ("::-1, 0, 0", [3], [40, 20, 0]),
    ("0, ::-2, -2::-3", [2, 2], [18, 15, 8, 5]),
    ("5:, 0", [0, 5], []),
    ("-100:100, 3, 4", [3], [19, 39, 59]),
    ("1:0:-1, 0, 0", [1], [20]),
    ("...", [3, 4, 5], Array(0..<60)),
    (":0:-1, 0, 0", [2], [40, 20]),
  ]

  @Test func partsAreNumPys() throws {
    let base = try NDArray(Array(0..<60), shape: [3, 4, 5])
    for part in Self.parts {
      let source = try base.selecting(ArraySelection(part.text))
      #expect(source.shape.dimensions == part.shape, "\(part.text)")
      #expect(try source.load().elements(as: Int64.self) == part.values, "\(part.text)")
      var pieces: [UInt8] = []
      try source.forEachPiece(ofAtMost: 16) { pieces += $0.copied }
      #expect(try pieces == source.load().withBytes { $0.copied }, "\(part.text)")
    }
  }

  /// Each element is the one that Python's own rule of ranges names.
  @Test func longStepsAndLargeBoxesAreTheSame() throws {
    let (rows, columns) = (700, 900)
    let base = try NDArray((0..<(rows * columns)).map(Int32.init), shape: [rows, columns])
    for (text, first, second) in [
      ("::7, ::-3", stride(from: 0, to: 700, by: 7), stride(from: 899, to: -1, by: -3)),
      ("600:2:-599, 5:800:2", stride(from: 600, to: 2, by: -599), stride(from: 5, to: 800, by: 2)),
      (":, ::2", stride(from: 0, to: 700, by: 1), stride(from: 0, to: 900, by: 2)),
    ] {
      let expected = first.flatMap { row in second.map { Int32(row * columns + $0) } }
      let found = try base.selecting(ArraySelection(text)).load().elements(as: Int32.self)
      #expect(found == expected, "\(text)")
    }
  }

  @Test func onlyTheBoxIsRead() throws {
    for (text, bytes) in [
      ("7, 3", 1), ("5:9, 10:20", 40), ("..., -1", 1000), ("2", 1000),
      // The box around a short step, and each row of a long one.
      ("3, ::2", 999), ("::100, 0:10", 100), ("::5", 996_000), ("::6", 167_000), ("5:5", 0),
    ] {
      let source = CountingSource(shape: [1000, 1000])
      _ = try source.selecting(ArraySelection(text)).load()
      #expect(source.readBytes == bytes, "\(text)")
    }
  }

  @Test func whatIsNoSliceIsRefused() throws {
    let base = try NDArray.zeros(.uint8, shape: [3, 4])
    for text in [
      "", "a", "1:2:3:4", "::0", "1,,2", "..., ...", "1.5", "[0]", "3", "0, -5", "0,0,0",
    ] {
      let error = failure { _ = try base.selecting(ArraySelection(text)) }
      #expect(error?.code == .usageSlice, "\(text)")
    }
    let error = failure { _ = try base.selecting(ArraySelection("0, 4")) }
    #expect(error?.message.contains("[3, 4]") == true)
  }

  private func failure(_ body: () throws -> Void) -> CoppiceError? {
    do {
      try body()
      return nil
    } catch {
      return error as? CoppiceError
    }
  }
}
