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

/// What each command prints, and how it exits: `Golden/<command>-<case>.txt`.
///
/// `COPPICE_RECORD=1` writes the files anew; what changes is then to be read, line by line.
struct GoldenTests {
  private static let folder = Specification.package.appending("Tests").appending("CommandTests")
    .appending("Golden")

  @Test(.enabled(if: Tool.isBuilt), arguments: CommandCase.all)
  func printsWhatIsWritten(_ example: CommandCase) throws {
    let directory = try TemporaryDirectory()
    let found = try Tool.run(example.words, scratch: directory.path)
    #expect(found.status == example.status, "\(found.text)")
    let file = Self.folder.appending(example.name + ".txt")
    if getenv("COPPICE_RECORD") != nil {
      try OutputDirectory.remove(file)
      try OutputFile.create(file, holding: Array(found.text.utf8), durability: .buffered)
    }
    #expect(try Specification.text(of: file) == found.text)
  }

  /// A golden file without a case would say nothing.
  @Test func everyFileHasACase() throws {
    let files = try DirectoryHandle(opening: Self.folder).allFiles()
    #expect(Set(files) == Set(CommandCase.all.map { $0.name + ".txt" }))
    #expect(files.count == CommandCase.all.count)
  }

  /// Without the tool these tests would pass by doing nothing.
  @Test func theToolIsBuilt() { #expect(Tool.isBuilt) }
}
