import CoppiceJSON
import CoppiceModel
import CoppiceTestSupport
import Testing

@Suite struct FuzzTests {
  static let seeds: [[UInt8]] =
    [
      #"{"a":[1,-2.5e+10,true,false,null],"b":{"":"x\n\u00e9\ud83d\ude00","c":[[],{}]},"é":"plain text, long enough"}"#,
      #"{"chunks":[16,16],"compressor":{"id":"zstd","level":1},"dtype":"<f4","fill_value":null,"order":"C","shape":[16,16],"zarr_format":2}"#,
      #"[0,1,"\"\\\/\b\f\n\r\t",[[[["deep"]]]],{"a":{"a":{"a":0}}}, 1E400, -0, 12345678901234567890]"#,
      "{\"z\" : 1 , \"y\" : [ NaN , Infinity , -Infinity ] ,\r\n\t\"x\" : \"\u{7f}\u{2028}\" }\n",
      #"{"k0":0,"k9":9,"k1":1,"k8":8,"k2":2,"k7":7,"k3":3,"k6":6,"k4":4,"k5":5,"ka":10,"kb":11,"kc":12,"kd":13,"ke":14,"kf":15,"kg":16,"kh":17}"#,
      #""a lone string with \u0041 escapes""#, "[]", "-12.5e-3", "null",
    ].map { Array($0.utf8) }

  static func documents(_ count: Int, seed: UInt64) -> [[UInt8]] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      random.mutation(of: seeds.randomElement(using: &random) ?? [], splicing: seeds)
    }
  }

  /// Whatever is done to a document, reading it gives a value that can be written and read again, or
  /// an error with a place inside it.
  @Test func readsOrRefusesAnyBytes() throws {
    var accepted = 0
    for bytes in Self.documents(20_000, seed: 4) {
      let document: JSONDocument
      do {
        document = try JSONDocument(parsing: bytes, file: "a.json", dialect: .python)
      } catch {
        #expect(error.code.rawValue.hasPrefix("json."))
        #expect(error.location.file == "a.json")
        #expect(error.location.pointer != nil)
        #expect(error.location.offset.map { 0...bytes.count ~= $0 } == true)
        continue
      }
      accepted += 1
      let canonical = CanonicalJSON.encode(document.root)
      let again = try JSONDocument(parsing: canonical, dialect: .python)
      #expect(again.root.json == document.root.json)
      #expect(again.isCanonical)
      #expect(document.isCanonical == (canonical == bytes))
      visit(document.root, bytes)
    }
    #expect(accepted > 1000)
  }

  private func visit(_ node: JSONNode, _ bytes: [UInt8]) {
    #expect(node.byteRange.upperBound <= bytes.count)
    _ = node.pointer
    _ = try? node.int()
    _ = try? node.double()
    _ = try? node.hex64()
    _ = try? node.integerColumn()
    _ = try? node.stringColumn()
    for element in node.elements { visit(element, bytes) }
    for (_, value) in node.members { visit(value, bytes) }
  }

  /// Every prefix of a document is refused where it ends or where a token is cut.
  @Test func refusesEveryPrefix() {
    for seed in Self.seeds where seed.first == UInt8(ascii: "{") || seed.first == UInt8(ascii: "[")
    {
      let end = seed.last == 0x0A ? seed.count - 1 : seed.count
      for count in 0..<end {
        #expect(throws: CoppiceError.self) { try parse(Array(seed[..<count]), .python) }
      }
    }
  }
}
