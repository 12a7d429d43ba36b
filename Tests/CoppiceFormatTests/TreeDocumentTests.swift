import CoppiceFormat
import CoppiceModel
import CoppiceTestSupport
import Testing

/// The faults for which readers refuse tree documents, by the rules of chapters 1, 3, 4 and 5.
struct TreeDocumentTests {
  static let tour: [Fault] = [
    Fault("versioning.not-coppice", #""coppice.tree""#, #""coppice""#),
    Fault("versioning.future-major", #""version":"1.0""#, #""version":"2.0""#),
    Fault("json.unknown-member", #""version":"1.0""#, #""version":"1.0","x":1"#),
    // MOD-10, MOD-9
    Fault("arrays.unknown-dtype", #""bfloat16""#, #""bfloat8""#),
    Fault("arrays.bad-shape", "[0,3]", "[0,94906267,94906267]"),
    Fault("arrays.bad-shape", "[0,3]", "[0," + repeated("1,", 31) + "1]"),
    Fault("json.number-range", "[0,3]", "[0,9007199254740992]"),
    // MOD-14
    Fault("arrays.bad-prng", #""threefry2x32""#, #""""#),
    Fault("arrays.bad-prng", #""uint32","placement":1,"prng""#, #""int32","placement":1,"prng""#),
    // ARR-3, ARR-5, ARR-8
    Fault(
      "arrays.bad-storage", #""shape":[5,300],"storage":"chunked""#,
      #""shape":[5,300],"storage":"contiguous""#),
    Fault("arrays.bad-storage", #""shape":[5,300],"#, #""shape":[0,300],"#),
    Fault("arrays.bad-storage", #""storage":"none""#, #""storage":"contiguous""#),
    Fault("arrays.bad-storage", #""storage":"none""#, #""storage":"sparse""#),
    Fault(
      "arrays.bad-storage", #"[2,3],"sharding":0,"storage":"contiguous""#,
      #"[2,3],"sharding":0,"storage":"chunked""#),
    Fault(
      "arrays.bad-storage", #""grid":[4,4]},"storage":"contiguous""#,
      #""grid":[4,4]},"storage":"packed""#),
    Fault("arrays.bad-storage", #""shape":[0,3],"#, #""placement":0,"shape":[0,3],"#),
    Fault("arrays.block-alignment", "[2432,2048,2112", "[2432,2049,2112"),
    // ARR-6, ARR-7, ARR-14
    Fault("arrays.bad-chunk", #""shape":[2,200]"#, #""shape":[6,200]"#),
    Fault("arrays.bad-chunk", #""shape":[2,200]"#, #""shape":[200]"#),
    Fault("arrays.bad-chunk", #""shape":[2,200]"#, #""shape":[2,0]"#),
    Fault("arrays.bad-chunk", #"["shuffle","zstd"]"#, #"["gzip"]"#),
    Fault("arrays.bad-chunk", #"["shuffle","zstd"]"#, #"["zstd","shuffle"]"#),
    // ARR-9 to ARR-22
    Fault("arrays.block-count", #""size":[24,"#, #""size":[24,24,"#),
    Fault("arrays.block-count", #""shape":[2,200]"#, #""shape":[3,200]"#),
    Fault("arrays.block-size", #""size":[24,"#, #""size":[20,"#),
    Fault("arrays.block-size", "36,144,19", "36,1601,19"),
    Fault("arrays.block-size", "36,144,19", "36,0,19"),
    Fault("arrays.block-outside", "[2432,", "[16080,"),
    Fault("arrays.block-overlap", "[2432,", "[2500,"),
    // SHD-17 to SHD-19
    Fault("sharding.bad-placement", #""placement":0"#, #""placement":1"#),
    Fault("sharding.bad-placement", "[[0,1],[1]]", "[[0,1,1],[1]]"),
    Fault("sharding.bad-placement", "[[0,1],[1]]", "[[0,0],[1]]"),
    Fault("sharding.bad-placement", "[[0,1],[1]]", "[[0,2],[1]]"),
    Fault("sharding.bad-placement", "[[0,1],[1]]", "[[0,1],[1],[1]]"),
    // MET-14, MET-31, SHD-2 to SHD-5
    Fault("sharding.bad-sharding", #""sharding":1"#, #""sharding":2"#),
    Fault("sharding.bad-sharding", #""devices":[0,1]"#, #""devices":[]"#),
    Fault("sharding.bad-sharding", #""devices":[0,1]"#, #""devices":[0]"#),
    Fault("sharding.bad-sharding", #""devices":[0,1]"#, #""devices":[1,1]"#),
    Fault("json.number-range", #""devices":[0,1]"#, #""devices":[-1,1]"#),
    Fault("sharding.bad-sharding", #"["data",1]"#, #"["data",0]"#),
    Fault("sharding.bad-sharding", #"["data",1]"#, #"["model",1]"#),
    Fault("sharding.bad-sharding", #"[[],["model"]]"#, #"[[],["models"]]"#),
    Fault("sharding.bad-sharding", #"[[],["model"]]"#, #"[["model"],["model"]]"#),
    Fault("sharding.bad-sharding", #"[[],["model"]]"#, #"[[],["model"],[]]"#),
    Fault("sharding.bad-sharding", #"{"device":"cpu:0"}"#, "{}"),
    Fault("sharding.bad-sharding", #"{"device":"cpu:0"}"#, #"{"device":"cpu:0","partition":[]}"#),
    Fault("json.unknown-member", #"{"device":"cpu:0"}"#, #"{"device":"cpu:0","x":1}"#),
    // MOD-3, MET-33, MET-35
    Fault("model.leaf-order", #"{"leaf":1}"#, #"{"leaf":2}"#),
    Fault("model.duplicate-key", #"["b","#, #"["w","#),
    Fault("model.bad-value", #"{"int":"7"}"#, #"{"int":"07"}"#),
    Fault("model.bad-value", #"{"int":"7"}"#, #"{"int":"9223372036854775808"}"#),
    Fault("model.bad-node", #"{"int":"7"}"#, #"{"integer":"7"}"#),
    Fault("model.bad-node", #"{"int":"7"}"#, "7"),
    Fault("model.key-too-long", #"["b","#, "[\"" + repeated("b", 1025) + "\","),
  ]

  @Test(arguments: tour)
  func refuses(_ fault: Fault) throws {
    try expect(fault, in: "tree/tour.json")
  }

  static let sharded: [Fault] = [
    // ARR-6: a chunk is no larger than the leaf.
    Fault("arrays.bad-chunk", #"["zstd"],"shape":[2,2]"#, #"["zstd"],"shape":[2,6]"#),
    // SHD-13 to SHD-15
    Fault("json.missing-member", #"{"grid":[[1],2]}"#, "{}"),
    Fault("json.unknown-member", #"{"grid":[[1],2]}"#, #"{"grid":[[1],2],"x":1}"#),
    Fault("json.type", "[[1],2]", #"[["1"],2]"#),
    Fault("json.number-range", "[[1],2]", "[[1],-2]"),
    Fault("sharding.bad-shards", "[[1],2]", "[[1]]"),
    Fault("sharding.bad-shards", "[[1],2]", "[[1],2,1]"),
    Fault("sharding.bad-shards", "[[1],2]", "[[1],0]"),
    Fault("sharding.bad-shards", "[[1],2]", "[[1],6]"),
    Fault("sharding.bad-shards", "[[1],2]", "[[],2]"),
    Fault("sharding.bad-shards", "[[1],2]", "[[0,1],2]"),
    Fault("sharding.bad-shards", "[[1],2]", "[[1,4],2]"),
    Fault("sharding.bad-shards", "[[1],2]", "[[1,1],2]"),
    Fault("sharding.bad-shards", "[[1],2]", "[[2],2]"),
    Fault("sharding.bad-shards", "[[1],2]", "[[1],[2,4]]"),
  ]

  @Test(arguments: sharded)
  func refusesShards(_ fault: Fault) throws {
    try expect(fault, in: "tree/sharded.json")
  }

  static let values: [Fault] = [
    // MET-15 to MET-17, MET-32 to MET-34
    Fault("model.bad-value", #""-12""#, #""-012""#),
    Fault("model.bad-value", #""-12""#, #""-0""#),
    Fault("model.bad-value", #""-12""#, #""+12""#),
    Fault("model.bad-value", #""2.5""#, #""2.50""#),
    Fault("model.bad-value", #""1e+16""#, #""1e16""#),
    Fault("model.bad-value", #""nan""#, #""nan:7ff8000000000000""#),
    Fault("model.bad-value", #""AAEC/w==""#, #""AAEC/w""#),
    Fault("model.bad-value", #""AAEC/w==""#, #""AAEC/x==""#),
    Fault("model.bad-value", #"{"none":true}"#, #"{"none":false}"#),
    Fault("model.bad-value", #"{"none":true}"#, #"{"none":null}"#),
    Fault("model.bad-value", "[2,1]", "[2,2]"),
    Fault("arrays.bad-shape", "[2,1]", "[2,1," + repeated("1,", 30) + "1]"),
    Fault("json.type", #"["1.0","-0.0"]"#, #"["1.0"]"#),
    Fault("json.type", #"{"dict":[]}"#, #"{"dict":{}}"#),
    Fault("model.bad-node", #"{"dict":[]}"#, #"{"dict":[],"list":[]}"#),
    Fault("model.bad-node", #"{"dict":[]}"#, #"{"set":[]}"#),
    Fault("model.bad-node", #"{"dict":[]}"#, "{}"),
    Fault("model.bad-node", #"{"dict":[]}"#, "[]"),
    Fault("json.missing-member", #"{"fields":[],"type":"Empty"}"#, #"{"fields":[]}"#),
    Fault("json.unknown-member", #""type":"Empty""#, #""type":"Empty","x":1"#),
    // MET-31
    Fault("sharding.bad-sharding", #""tree":"#, #""shardings":[],"tree":"#),
    Fault("sharding.bad-sharding", #""tree":"#, #""shardings":[{"device":"cpu:0"}],"tree":"#),
    Fault("json.missing-member", #","leaves":[]"#, ""),
    Fault("sharding.bad-sharding", #""leaves":[]"#, #""leaves":[],"meshes":[]"#),
    Fault("sharding.bad-placement", #""tree":"#, #""placements":[],"tree":"#),
    Fault("sharding.bad-placement", #""tree":"#, #""placements":[[0]],"tree":"#),
    Fault("json.type", #""leaves":[]"#, #""global_views":true,"leaves":[]"#),
    Fault("versioning.candidate", #"{"files":"#, #"{"blocks":{},"files":"#),
  ]

  @Test(arguments: values)
  func refusesValues(_ fault: Fault) throws {
    try expect(fault, in: "tree/values.json")
  }

  private func expect(_ fault: Fault, in example: String) throws {
    let bytes = Array(try changed(example, fault.old, fault.new).utf8)
    #expect(code { _ = try TreeDocument(parsing: bytes, file: "tree.json") } == fault.code)
  }

  /// MOD-18.
  @Test func nestsAHundredAndTwentyEightContainers() throws {
    let fits = try nested(128)
    #expect(throws: Never.self) { try TreeDocument(parsing: fits, file: "tree.json") }
    let deep = try nested(129)
    #expect(code { _ = try TreeDocument(parsing: deep, file: "tree.json") } == "model.too-deep")
  }

  /// Returns the example of values inside `count` nested records, the containers with the deepest
  /// JSON.
  private func nested(_ count: Int) throws -> [UInt8] {
    let node = (0..<count).reduce(#"{"none":true}"#) { node, _ in
      #"{"record":{"fields":[["x",\#(node)]],"type":""}}"#
    }
    let text = String(
      decoding: try Specification.bytes(ofExample: "tree/values.json"), as: UTF8.self)
    let start = try #require(text.firstRange(of: #""tree":"#))
    return Array((text[..<start.upperBound] + node + #","version":"1.0"}"# + "\n").utf8)
  }

  /// MET-9, VAL-6: a reader that loads may rely on the digest for the canonical form; validation
  /// checks it.
  @Test func formIsCheckedWhenAskedFor() throws {
    let bytes = Array(try changed("tree/tour.json", #""leaf":0"#, #""leaf": 0"#).utf8)
    #expect(throws: Never.self) { try TreeDocument(parsing: bytes, file: "tree.json") }
    #expect(
      code { _ = try TreeDocument(parsing: bytes, file: "tree.json", checksForm: true) }
        == "json.not-canonical")
  }

  /// VAL-5: level document doesn't check shards and blocks.
  @Test func documentsAloneAreReadWithoutTheirStructure() throws {
    let bytes = Array(
      try changed("tree/sharded.json", "[[1],2]", "[[2],2]").utf8)
    let document = try TreeDocument(parsing: bytes, file: "tree.json", checksStructure: false)
    #expect(document.placeFaults.map(\.code) == [.shardingBadShards])
    #expect(document.features == [.chunked, .zstd, .sharded, .multiFile])
  }

  /// VER-7.
  @Test func ignoresMembersOfLaterMinorVersions() throws {
    var text = try changed("tree/tour.json", #"{"leaf":0}"#, #"{"leaf":0,"note":""}"#)
    for (old, new) in [
      (#""version":"1.0""#, #""version":"1.1""#), (#"{"int":"7"}"#, #"{"int":"7","x":1}"#),
      (#""type":"Adam""#, #""type":"Adam","x":1"#),
      (#"{"device":"cpu:0"}"#, #"{"device":"cpu:0","x":1}"#),
    ] {
      text = text.split(separator: old).joined(separator: new)
    }
    let document = try TreeDocument(parsing: Array(text.utf8), file: "tree.json", checksForm: true)
    #expect(document.warnings.count == 4)
    #expect(document.warnings.allSatisfy { $0.code == .versioningIgnoredMember })
  }
}
