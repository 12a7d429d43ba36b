import CoppiceJSON
import CoppiceModel
import Testing

@Suite struct LimitTests {
  static func nested(_ depth: Int, _ open: String = "[", _ close: String = "]") -> String {
    String(repeating: open, count: depth) + String(repeating: close, count: depth)
  }

  @Test func refusesDepthBeyondTheLimit() throws {
    _ = try parse(Self.nested(128))
    expectFailure("json.depth", at: 128, pointer: String(repeating: "/0", count: 128)) {
      _ = try parse(Self.nested(129))
    }
    var limits = ReadLimits()
    limits.depth = 2
    _ = try parse("[{},[],{}]", limits: limits)
    expectFailure("json.depth", at: 9, pointer: "/1/a") {
      _ = try parse("[{},{\"a\":[]}]", limits: limits)
    }
    limits.depth = 0
    _ = try parse("1", limits: limits)
    #expect(failure { _ = try parse("[]", limits: limits) }?.code.rawValue == "json.depth")
  }

  @Test func refusesAnyDepthThatWouldExhaustTheStack() throws {
    var limits = ReadLimits()
    limits.depth = .max
    let deep = try parse(Self.nested(1024, "[", "]"), limits: limits)
    #expect(CanonicalJSON.encode(deep).count == 2049)
    #expect(deep.json == deep.json)
    for text in [
      Self.nested(1_000_000), String(repeating: "[", count: 1_000_000),
      String(repeating: "{\"a\":", count: 1_000_000),
    ] {
      #expect(failure { _ = try parse(text, limits: limits) }?.code.rawValue == "json.depth")
    }
  }

  @Test func refusesSizeBeyondTheLimit() throws {
    var limits = ReadLimits()
    limits.documentBytes = 4
    _ = try parse("[12]", limits: limits)
    let error = failure { _ = try parse("[12] ", limits: limits) }
    #expect(error?.code.rawValue == "json.size")
    #expect(error?.location.file == "a.json")
  }
}
