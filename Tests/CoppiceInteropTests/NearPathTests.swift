import Coppice
import CoppiceFiles
import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// The error about a missing path suggests a similar existing name.
struct NearPathTests {
  private func message(_ path: FilePath) -> String {
    do throws(CoppiceError) {
      _ = try CheckpointOpener.open(path, options: OpenOptions(formats: .all))
      return "opened"
    } catch {
      #expect(error.code == .ioNotFound)
      return error.message
    }
  }

  private func makeFiles(_ count: Int, in directory: FilePath) throws {
    for number in 0..<count {
      try writeFile(directory.appending("file-\(number)"), [])
    }
  }

  @Test func namesTheNearestEntryOfTheLastDirectoryThatExists() throws {
    let scratch = try TemporaryDirectory()
    let run = scratch.path.appending("v1-trainstate")
    try OutputDirectory.create(run)
    let nothing = "there is nothing at this path"
    let hint = nothing + "; did you mean \"v1-trainstate\"?"
    #expect(message(scratch.path.appending("v1-trainstat")) == hint)
    // The rest of the path or address doesn't matter.
    #expect(message(scratch.path.appending("v1-tranistate/5/state")) == hint)
    #expect(message(scratch.path.appending("v1-trainstaet:state/params/w")) == hint)
    #expect(message(scratch.path.appending("other")) == nothing)
    #expect(message(run.appending("5")) == nothing)
  }

  /// Comparing the names of a huge directory would take longer than the answer is worth.
  @Test func comparesUpTo4096Names() throws {
    let scratch = try TemporaryDirectory()
    try makeFiles(4096, in: scratch.path)
    #expect(message(scratch.path.appending("fiel-77")).hasSuffix("; did you mean \"file-77\"?"))
    try OutputFile.create(scratch.path.appending("another"), holding: [], durability: .buffered)
    #expect(message(scratch.path.appending("fiel-77")) == "there is nothing at this path")
  }
}
