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

/// A process that is asked to end leaves nothing behind.
///
/// Each test runs in a process of its own, since the request to end holds for a whole process.
struct UnfinishedFilesTests {
  @Test func whatIsUnfinishedIsDeletedAndNothingIsBegun() async {
    await #expect(processExitsWith: .success) {
      let sample = try Sample()
      try sample.file("there", "stays")
      let file = try StagedOutput(.file, for: sample("a"), replacing: false)
      let directory = try StagedOutput(.directory, for: sample("b"), replacing: false)
      try OutputFile.create(directory.path.appending("x"), holding: [1], durability: .buffered)
      let done = try StagedOutput(.directory, for: sample("c"), replacing: false)
      try done.commit(durability: .buffered)
      UnfinishedFiles.refuseMore()
      let refused = code { _ = try StagedOutput(.file, for: sample("d"), replacing: false) }
      guard refused == "operation.cancelled", try sample.names().count == 4 else { exit(1) }
      guard code({ try UnfinishedFiles.check() }) == "operation.cancelled" else { exit(2) }
      guard UnfinishedFiles.abandon(), try sample.names() == ["c", "there"] else { exit(3) }
      for staged in [file, directory] {
        guard code({ try staged.commit(durability: .buffered) }) == "operation.cancelled" else {
          exit(4)
        }
      }
      guard try sample.names() == ["c", "there"] else { exit(5) }
    }
  }

  @Test func whatIsGivenItsNameIsLeftAlone() async {
    await #expect(processExitsWith: .success) {
      let sample = try Sample()
      let staged = try StagedOutput(.file, for: sample("a"), replacing: false)
      try UnfinishedFiles.committing {
        guard !UnfinishedFiles.abandon(), (try? sample.names())?.count == 1 else { exit(1) }
      }
      guard UnfinishedFiles.abandon(), try sample.names().isEmpty else { exit(2) }
      guard code({ try UnfinishedFiles.committing {} }) == "operation.cancelled" else { exit(3) }
      withExtendedLifetime(staged) {}
    }
  }
}
