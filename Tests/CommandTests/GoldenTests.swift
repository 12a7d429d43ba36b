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
    let found = try Tool.run(example.words, scratch: directory.path)
    #expect(found.status == example.status, "\(found.text)")
    let file = Self.folder.appending(example.name + ".txt")
    if getenv("COPPICE_RECORD") != nil {
      try OutputDirectory.remove(file)
      try OutputFile.create(file, holding: Array(found.text.utf8), durability: .buffered)
    }
    #expect(try Specification.text(of: file) == found.text)
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
