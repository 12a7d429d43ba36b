import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Texts of arrays, which are those that NumPy prints: `Texts/generate.py` writes them.
struct ArrayTextTests {
  struct Case {
    var array: NDArray
    var options = ArrayTextOptions()
    var text: String

    init(_ line: Substring) throws {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
      let dtype = try #require(DType(rawValue: String(parts[0])))
      let shape = try #require(Shape(parts[1].split(separator: ",").compactMap { Int($0) }))
      for option in parts[2].split(separator: ",") {
        let pair = option.split(separator: "=")
        let value = try #require(Int(pair[1]))
        switch pair[0] {
        case "precision": options.precision = value
        case "threshold": options.threshold = value
        case "edgeitems": options.edgeItems = value
        default: options.lineWidth = value
        }
      }
      let digits = Array(parts[3].utf8)
      let bytes = try stride(from: 0, to: digits.count, by: 2).map {
        try #require(UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16))
      }
      array = try NDArray(dtype: dtype, shape: shape, bytes: bytes)
      text = String(parts[4]).replacing("|", with: "\n")
    }

    static func all() throws -> [Case] {
      let path = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .appending("Texts/texts.tsv")
      return try Specification.text(of: path).split(separator: "\n").map(Case.init)
    }
  }

  @Test func textsAreNumPys() throws {
    let cases = try Case.all()
    #expect(cases.count > 300)
    #expect(Set(cases.map(\.array.dtype)) == Set(DType.allCases))
    for one in cases {
      let text = try one.array.text(one.options)
      #expect(
        text == one.text, "\(one.array.dtype) \(one.array.shape) \(one.options)")
    }
  }

  /// Pieces that end anywhere, and a source that isn't in memory.
  @Test func theTextIsTheSamePieceByPiece() throws {
    for one in try Case.all() {
      var options = one.options
      options.threshold = nil
      let whole = try one.array.text(options)
      #expect(try PiecewiseSource(array: one.array, size: 48).text(options) == whole)
      #expect(try PiecewiseSource(array: one.array, size: 48).text(one.options) == one.text)
    }
  }

  @Test func onlyTheEndsOfALongArrayAreRead() throws {
    let source = CountingSource(shape: [1000, 1000])
    let text = try source.text()
    #expect(text.hasPrefix("[[0 0 0 ... 0 0 0]\n [0 0 0"))
    // numpy.array2string reads 36 elements of it.
    #expect(source.readBytes == 36)
  }

  @Test func textsOfStringsAreNumPys() throws {
    // numpy.array2string(numpy.array([['a', 'bcd'], ["it's", 'say "x"']]))
    let texts = try #require(
      TextArray(shape: [2, 2], elements: .strings(["a", "bcd", "it's", "say \"x\""])))
    #expect(texts.text() == "[['a' 'bcd']\n [\"it's\" 'say \"x\"']]")
    let bytes = try #require(TextArray(shape: [2], elements: .bytes([[97], [98, 99]])))
    #expect(bytes.text() == "[b'a' b'bc']")
  }
}
