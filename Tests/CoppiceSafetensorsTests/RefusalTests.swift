import CoppiceFiles
import CoppiceModel
import CoppiceSafetensors
import Testing

@Suite struct RefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var code: String
    var bytes: [UInt8]
    var testDescription: String { "\(code) \(bytes.count)" }

    init(_ code: String, _ bytes: [UInt8]) {
      self.code = "safetensors." + code
      self.bytes = bytes
    }

    /// A header of one tensor `a`, with eight bytes of data.
    init(_ code: String, _ dtype: String, _ shape: String, _ offsets: String) {
      let header = #"{"a":{"dtype":\#(dtype),"shape":\#(shape),"data_offsets":\#(offsets)}}"#
      self.init(code, file(header, data: Array(0..<8)))
    }
  }

  static let cases: [Case] = [
    Case("truncated-header", []),
    Case("truncated-header", [1, 0, 0, 0, 0, 0, 0]),
    Case("truncated-header", [200, 0, 0, 0, 0, 0, 0, 0, 0x7B]),
    Case("header-too-large", [1, 0xE1, 0xF5, 5, 0, 0, 0, 0, 0x7B]),
    Case("header-too-large", Array(repeating: 0xFF, count: 16)),
    Case("header-too-large", [0, 0, 0, 0, 0, 0, 0, 0x80, 0x7B]),
    Case("header-start", file("")),
    Case("header-start", file(" {}")),
    Case("header-start", file("[]")),
    Case("header-json", file("{")),
    Case("header-json", file("{}x")),
    Case("header-json", file("{} \0")),
    Case("header-json", file(#"{"a":"# + String(repeating: "[", count: 10_000))),
    Case("header-encoding", file([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x7B, 0x7D, 0x7D])),
    Case("header-encoding", file(#"{"\ud800":{}}"#)),
    Case("metadata", file(#"{"__metadata__":{"k":5}}"#)),
    Case("metadata", file(#"{"__metadata__":["k"]}"#)),
    Case("metadata", file(#"{"__metadata__":{"k":null}}"#)),
    Case("duplicate-name", file(#"{"__metadata__":{"k":"1","k":"2"}}"#)),
    Case("duplicate-name", file(#"{"__metadata__":{},"__metadata__":{}}"#)),
    Case(
      "duplicate-name",
      file(
        """
        {"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},\
        "\\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}
        """, data: [0, 1])),
    Case("tensor-info", file(#"{"a":5}"#)),
    Case("tensor-info", file(#"{"a":{"dtype":"F32","shape":[2]}}"#)),
    Case("tensor-info", "7", "[2]", "[0,8]"),
    Case("tensor-info", #""F32""#, "[2.5]", "[0,8]"),
    Case("tensor-info", #""F32""#, "[2.0]", "[0,8]"),
    Case("tensor-info", #""F32""#, "[-2]", "[0,8]"),
    Case("tensor-info", #""F32""#, "2", "[0,8]"),
    Case("tensor-info", #""F32""#, #"["2"]"#, "[0,8]"),
    Case("tensor-info", #""F32""#, "[2]", "[-8,0]"),
    Case("tensor-info", #""F32""#, "[2]", "[0]"),
    Case("tensor-info", #""F32""#, "[2]", "[0,8,16]"),
    Case("tensor-info", #""F32""#, "[2]", "[0,18446744073709551624]"),
    Case("size-mismatch", #""F6_E2M3""#, "[4]", "[0,8]"),
    // Eight bytes are no whole number of bits for each of three elements, and none for no element.
    Case("size-mismatch", #""F128""#, "[3]", "[0,8]"),
    Case("size-mismatch", #""F128""#, "[0]", "[0,8]"),
    Case("size-mismatch", #""F128""#, "[1]", "[0,0]"),
    Case("hole", #""F128""#, "[1]", "[4,8]"), Case("truncated-data", #""F128""#, "[1]", "[0,16]"),
    Case("shape-overflow", #""F32""#, "[4294967296,4294967296]", "[0,8]"),
    Case("shape-overflow", #""F64""#, "[2251799813685248,4096]", "[0,8]"),
    Case("size-mismatch", #""F32""#, "[3]", "[0,8]"),
    Case("size-mismatch", #""F32""#, "[]", "[0,8]"),
    Case("size-mismatch", #""F32""#, "[0]", "[0,8]"),
    Case("size-mismatch", #""F4""#, "[15]", "[0,8]"),
    Case("offset-order", #""F32""#, "[2]", "[8,0]"),
    Case("hole", #""F32""#, "[1]", "[4,8]"),
    Case("trailing-data", #""F32""#, "[1]", "[0,4]"),
    Case("truncated-data", #""F32""#, "[3]", "[0,12]"),
    Case("trailing-data", file("{}", data: [0])),
    Case("limit", #""U8""#, "[" + String(repeating: "1,", count: 32) + "8]", "[0,8]"),
    Case(
      "limit",
      file("{\"" + String(repeating: "a", count: 1025) + "\":{}}")),
    Case(
      "overlap",
      file(
        """
        {"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},\
        "b":{"dtype":"U8","shape":[4],"data_offsets":[3,7]}}
        """, data: Array(0..<7))),
    Case(
      "overlap",
      file(
        """
        {"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},\
        "b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}
        """, data: Array(0..<4))),
  ]

  @Test(arguments: cases)
  func refusesWithItsOwnCode(_ item: Case) throws {
    let error = #expect(throws: CoppiceError.self) { try open(item.bytes) }
    #expect(error?.code.rawValue == item.code, "\(error?.description ?? "nothing")")
    #expect(error?.location.file == "m.safetensors")
  }

  @Test(arguments: [
    ("F128", CoppiceError.Code.safetensorsUnknownDType), ("f32", .safetensorsUnknownDType),
    ("F6_E2M3", .safetensorsUnsupportedDType), ("F6_E3M2", .safetensorsUnsupportedDType),
  ])
  func typesThatNoArrayHasHideNoOtherTensor(_ type: String, _ code: CoppiceError.Code) throws {
    let header = """
      {"x":{"dtype":"\(type)","shape":[4],"data_offsets":[0,3]},\
      "y":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}}
      """
    let contents = try open(file(header, data: [1, 2, 3, 4, 5]))
    let (odd, plain) = (contents.entries[0].1, contents.entries[1].1)
    #expect(odd.fault?.kind == .unsupported)
    #expect(odd.fault?.error.code == code)
    #expect(try plain.source.loaded == [4, 5])
    #expect(throws: CoppiceError.self) { try contents.whole() }
  }

  @Test func namesTheTensorAndThePlace() throws {
    let header = #"{"a/b":{"dtype":"F128","shape":[2],"data_offsets":[0,8]}}"#
    let error = try open(file(header, data: Array(0..<8))).entries[0].1.fault?.error
    #expect(error?.location.treePath == "a%2Fb")
    #expect(error?.location.file == "m.safetensors")
    #expect(error?.location.pointer == "/a~1b/dtype")
    // The eight bytes of the length, then the header's own.
    #expect(error?.location.offset == 8 + 16)
    #expect(error?.message.contains("F128") == true)
  }

  @Test func refusesMoreTensorsThanTheLimit() throws {
    var limits = ReadLimits()
    limits.leaves = 1
    let header = """
      {"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},\
      "b":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}
      """
    let error = #expect(throws: CoppiceError.self) { try open(file(header), limits: limits) }
    #expect(error?.code.rawValue == "safetensors.limit")
  }
}
