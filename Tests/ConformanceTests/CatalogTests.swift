import CoppiceConformance
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Finding cases, and refusing invalid ones.
struct CatalogTests {
  private let scratch: TemporaryDirectory

  init() throws { scratch = try TemporaryDirectory() }

  private func add(_ id: String, _ document: String) throws {
    let path = try OutputDirectory.createAll(
      id.split(separator: "/").map(String.init), below: scratch.path)
    try OutputFile.create(
      path.appending("case.json"), holding: Array(document.utf8), durability: .buffered)
  }

  private func add(_ id: String, outcome: String = "valid", more: String = "") throws {
    try add(
      id, "{\"id\": \"\(id)\", \"title\": \"t\", \"outcome\": \"\(outcome)\"\(more)}")
  }

  @Test func findsCasesAtAnyDepthInOrder() throws {
    try add("1.0/valid/a/b")
    try add("0/valid/x")
    try add("future/z/y", outcome: "future", more: ", \"error\": {\"code\": \"a.b\"}")
    let catalog = try FixtureCatalog(at: scratch.path)
    #expect(catalog.faults.isEmpty)
    #expect(catalog.cases.map(\.id) == ["0/valid/x", "1.0/valid/a/b", "future/z/y"])
    #expect(catalog.cases.last?.code == "a.b")
  }

  @Test func filtersByPatternAndByWhatLiesAbove() throws {
    try add("1.0/valid/a/b")
    try add("1.0/valid/a/c")
    try add("1.0/valid/d/b")
    let catalog = try FixtureCatalog(at: scratch.path)
    #expect(try catalog.cases(matching: "1.0/valid/a").map(\.id).count == 2)
    #expect(try catalog.cases(matching: "**/b").map(\.id).count == 2)
    #expect(try catalog.cases(matching: "1.0/*/d/*").map(\.id) == ["1.0/valid/d/b"])
    #expect(try catalog.cases(matching: "1.0/val").isEmpty)
  }

  @Test(arguments: [
    #"{"id": "other", "title": "t", "outcome": "valid"}"#,
    #"{"id": "1.0/x", "title": "", "outcome": "valid"}"#,
    #"{"id": "1.0/x", "title": "t", "outcome": "fine"}"#,
    #"{"id": "1.0/x", "title": "t", "outcome": "invalid"}"#,
    #"{"id": "1.0/x", "title": "t", "outcome": "valid", "level": "deep"}"#,
    #"{"id": "1.0/x", "title": "t", "outcome": "valid", "outcom": "valid"}"#,
    #"{"id": "1.0/x", "title": "t", "outcome": "valid", "queries": [{}]}"#,
    #"""
    {"id": "1.0/x", "title": "t", "outcome": "valid",
     "queries": [{"request": {"query": "load", "path": "w"}, "expected": {"outcome": "absent"}}]}
    """#,
    #"""
    {"id": "1.0/x", "title": "t", "outcome": "valid",
     "queries": [{"request": {"query": "list"}, "expected": {"outcome": "valid"}}]}
    """#,
    #"{"id": "1.0/x", "title": "t", "outcome": "valid""#,
    #"[]"#,
  ])
  func refusesACaseThatDoesntSayWhatItIs(_ document: String) throws {
    try add("1.0/x", document)
    let catalog = try FixtureCatalog(at: scratch.path)
    #expect(catalog.cases.isEmpty)
    #expect(catalog.faults.count == 1)
  }

  @Test func refusesADirectoryWithoutCases() throws {
    #expect(throws: CoppiceError.self) { try FixtureCatalog(at: scratch.path) }
  }

  @Test func theManifestSeesEveryChange() throws {
    try add("1.0/valid/a")
    try add("1.0/valid/b")
    let before = try FixtureManifest(of: try FixtureCatalog(at: scratch.path))
    #expect(before.differences(from: before) == [])
    try OutputFile.create(
      scratch("1.0").appending("valid").appending("a").appending("file"), holding: [1],
      durability: .buffered)
    try OutputDirectory.remove(scratch("1.0").appending("valid").appending("b"))
    try add("1.0/valid/c")
    let after = try FixtureManifest(of: try FixtureCatalog(at: scratch.path))
    #expect(
      before.differences(from: after) == [
        "1.0/valid/a: files changed", "1.0/valid/b: in the manifest, but not there",
        "1.0/valid/c: not in the manifest",
      ])
  }

  @Test func theManifestIsReadAsItIsWritten() throws {
    try add(
      "1.0/invalid/a", outcome: "invalid", more: #", "error": {"code": "x.y"}, "rules": ["A-1"]"#)
    let manifest = try FixtureManifest(of: try FixtureCatalog(at: scratch.path))
    let path = scratch("manifest.json")
    try OutputFile.create(path, holding: Array(manifest.text.utf8), durability: .buffered)
    #expect(try FixtureManifest(at: path).differences(from: manifest) == [])
  }
}
