import CoppiceJSON
import CoppiceModel
import Testing

@Suite struct WriterTests {
  @Test func writesDocuments() throws {
    var writer = CanonicalJSONWriter(reservingCapacity: 100)
    writer.beginObject()
    writer.name("")
    writer.beginArray()
    writer.endArray()
    writer.name("a\"\n\u{1}é")
    writer.beginArray()
    writer.integer(0)
    writer.integer(-9_007_199_254_740_991)
    writer.integer(9_007_199_254_740_991)
    writer.integer(-10)
    writer.rawNumber("1.50")
    writer.hex64(0x0123_4567_89ab_cdef)
    writer.hex64(0)
    writer.bool(true)
    writer.bool(false)
    writer.null()
    writer.string("/\\")
    writer.beginObject()
    writer.endObject()
    writer.endArray()
    writer.name("b")
    writer.integerColumn([1, 2])
    writer.name("c")
    writer.stringColumn(["x", "", "\t"])
    writer.name("d")
    writer.hex64Column([1, .max])
    writer.name("e")
    try writer.value(.object([.init("z", .null), .init("y", .array([.integer(3)]))]))
    writer.endObject()
    let expected =
      #"{"":[],"a\"\n\u0001é":[0,-9007199254740991,9007199254740991,-10,1.50,"0123456789abcdef","0000000000000000",true,false,null,"/\\",{}],"b":[1,2],"c":["x","","\t"],"d":["0000000000000001","ffffffffffffffff"],"e":{"y":[3],"z":null}}"#
    let count = writer.byteCount
    let bytes = writer.finish()
    #expect(String(decoding: bytes, as: UTF8.self) == expected + "\n")
    #expect(count == bytes.count - 1)
    #expect(CanonicalJSON.isCanonical(bytes))
  }

  @Test func writesScalarsAlone() {
    var writer = CanonicalJSONWriter()
    writer.string("😀")
    #expect(writer.finish() == Array("\"😀\"\n".utf8))
  }

  #if DEBUG
    @Test func trapsOnNamesOutOfOrderInDebugBuilds() async {
      await #expect(processExitsWith: .failure) {
        var writer = CanonicalJSONWriter()
        writer.beginObject()
        writer.name("b")
        writer.null()
        writer.name("a")
      }
      await #expect(processExitsWith: .failure) {
        var writer = CanonicalJSONWriter()
        writer.beginObject()
        writer.null()
      }
    }
  #endif
}
