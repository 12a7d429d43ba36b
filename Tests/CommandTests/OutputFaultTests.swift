import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// The tool reports what it could not write to standard output.
struct OutputFaultTests {
  private static let checkpoint = "fixtures/1.0/valid/writer/plain/checkpoint"

  private static let lines = [
    "ls \(checkpoint)", "ls --json \(checkpoint)", "info \(checkpoint)",
    "info --json \(checkpoint)", "dump \(checkpoint)", "dump --json \(checkpoint)",
    "validate \(checkpoint)", "validate --json \(checkpoint)",
    // The checkpoint is invalid, but the output that says so can't be written.
    "validate fixtures/1.0/invalid/arrays/digest-chunk/checkpoint",
    "diff \(checkpoint) \(checkpoint)", "convert --json \(checkpoint) TMP/out",
    "convert --dry-run \(checkpoint) TMP/out",
    "migrate --dry-run fixtures/0/valid/directory/direct/checkpoint",
    "repair --dry-run fixtures/1.0/invalid/directory/missing-tree-document/checkpoint", "formats",
    "formats --json", "--help", "help convert", "--version",
  ]

  /// Runs a command with its output redirected.
  private func run(
    _ line: String, _ redirection: String
  ) throws -> (status: Int32, said: String) {
    let directory = try TemporaryDirectory()
    let errors = directory("stderr").string
    let result = ShellCommand.script(
      "cd \(ShellCommand.quoted(Specification.package.string)) && "
        + "\(ShellCommand.quoted(Tool.path.string)) "
        + "\(line.replacing("TMP", with: directory.path.string)) 2>'\(errors)' \(redirection)")
    return (result.status, try Specification.text(of: directory("stderr")))
  }

  #if os(Linux)
    @Test(.enabled(if: Tool.isBuilt), arguments: lines)
    func aFullDiskIsAnError(_ line: String) throws {
      let (status, said) = try run(line, "> /dev/full")
      #expect(status == 2)
      let words = "coppice: standard output: can't write: "
      let last = said.split(separator: "\n").last ?? ""
      #expect(last.hasPrefix(words) && last.hasSuffix(" [io.no-space]"), "\(said)")
      #expect(last.contains("No space left on device"))
    }
  #endif

  @Test(.enabled(if: Tool.isBuilt), arguments: ["ls \(checkpoint)", "--version"])
  func aClosedOutputIsAnError(_ line: String) throws {
    let (status, said) = try run(line, ">&-")
    #expect(status == 2)
    #expect(said.hasSuffix(" [io.failed]\n"), "\(said)")
  }

  @Test(.enabled(if: Tool.isBuilt)) func whatIsReadNoFurtherEndsQuietly() throws {
    let (status, said) = try run("dump --json \(Self.checkpoint)", "| head -c 1 > /dev/null")
    #expect(status == 0)
    #expect(said == "")
  }
}
