import Coppice
import CoppiceFiles
import CoppiceReport
import CoppiceTestSupport
import SystemPackage
import Testing

/// A page replaces nothing but a page.
struct ReportTargetTests {
  private let scratch: TemporaryDirectory
  private let source: String

  init() throws {
    scratch = try TemporaryDirectory()
    source = scratch("m.safetensors").string
    try scratch.file("m.safetensors", [2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8))
  }

  private func code(_ target: String, replacing: Bool = true) async throws -> String? {
    let report = try await Checkpoint.report(on: source)
    do throws(CoppiceError) {
      try CheckpointReport.checkTarget(scratch(target), of: [source], replacing: replacing)
      try report.write(to: scratch(target), replacing: replacing)
      return nil
    } catch {
      let early = #expect(throws: CoppiceError.self) {
        try report.write(to: scratch(target), replacing: replacing)
      }
      #expect(early?.code == error.code)
      return error.code.rawValue
    }
  }

  @Test func anEarlierPageIsReplaced() async throws {
    #expect(try await code("page.html", replacing: false) == nil)
    #expect(try await code("page.html", replacing: false) == "operation.exists")
    #expect(try await code("page.html") == nil)
  }

  @Test func everythingElseStays() async throws {
    try scratch.file("sub/thesis.tex", "mine".utf8)
    try scratch.file("other.html", "<!doctype html>\n<html>mine".utf8)
    try scratch.file("empty", "".utf8)
    try scratch.file("checkpoint/_CHECKPOINT_METADATA", "{}".utf8)
    #expect(ShellCommand.run("ln", "-s", "page.html", scratch("link").string).status == 0)
    #expect(try await code("page.html") == nil)
    for name in ["sub", "sub/thesis.tex", "other.html", "empty", "link"] {
      #expect(try await code(name) == "operation.not-replaceable")
    }
    #expect(try await code("m.safetensors") == "usage.target")
    #expect(try await code("checkpoint/page.html") == "usage.target")
    #expect(try InputFile(opening: scratch("sub/thesis.tex")).byteCount == 4)
  }
}
