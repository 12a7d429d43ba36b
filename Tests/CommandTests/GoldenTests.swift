import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The output and the exit status of each command: `Golden/<command>-<case>.txt`.
///
/// `COPPICE_RECORD=1` rewrites the files; read the changes line by line.
struct GoldenTests {
  private static let folder = Specification.package.appending("Tests").appending("CommandTests")
    .appending("Golden")

  @Test(.enabled(if: Tool.isBuilt), arguments: CommandCase.all)
  func printsWhatIsWritten(_ example: CommandCase) throws {
    let directory = try TemporaryDirectory()
    if example.words.contains("TMP/suite") { makeSuite(directory) }
    let found = try Tool.run(example.words, scratch: directory.path)
    #expect(found.status == example.status, "\(found.text)")
    let file = Self.folder.appending(example.name + ".txt")
    if getenv("COPPICE_RECORD") != nil {
      try OutputDirectory.remove(file)
      try OutputFile.create(file, holding: Array(found.text.utf8), durability: .buffered)
    }
    #expect(
      (try? Specification.text(of: file)) == found.text,
      "if this is what \(example.name) is to print, record it with COPPICE_RECORD=1; CONTRIBUTING.md says how"
    )
  }

  /// A suite of two cases: to find those of the whole one takes seconds.
  private func makeSuite(_ directory: TemporaryDirectory) {
    let models = ShellCommand.quoted(directory("suite/1.0/valid/model").string)
    let package = ShellCommand.quoted(Specification.package.string)
    let made = ShellCommand.script(
      "mkdir -p \(models) && cp -r \(package)/fixtures/1.0/valid/model/root-[en][mo]* \(models)")
    #expect(made.status == 0)
  }

  /// A golden file without a case would test nothing.
  @Test func everyFileHasACase() throws {
    let files = try DirectoryHandle(opening: Self.folder).allFiles()
    #expect(Set(files) == Set(CommandCase.all.map { $0.name + ".txt" }))
    #expect(files.count == CommandCase.all.count)
  }

  /// Without the tool these tests would pass by doing nothing.
  @Test func theToolIsBuilt() { #expect(Tool.isBuilt) }
}
