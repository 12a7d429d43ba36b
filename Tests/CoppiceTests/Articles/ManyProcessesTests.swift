import Coppice
import CoppiceClientManyProcesses
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// The article on many processes; `make test-mpi` runs its programs on processes.
struct ManyProcessesTests {
  @Test(arguments: [1, 2, 4])
  func theProgramsRun(_ count: Int) async throws {
    let directory = try TemporaryDirectory()
    let results = await LocalProcessGroup.run(count: count) { [path = directory.path] group in
      try await ManyProcesses.run(group, in: path)
    }
    for result in results { try result.get() }
    let run = try Checkpointer(directory("run"))
    #expect(run.checkpoints.map(\.step) == [5, 6])
    let rows = (0..<8).map { Array(repeating: Float(60 + $0 * count / 8), count: 2) }
    #expect(try await run.load()[leaf: "w"] == NDArray(rows))
  }

  @Test func theCodeIsThatOfTheArticle() throws {
    let source = Specification.package.appending("Tests").appending("ClientTests")
      .appending("Sources").appending("ManyProcesses").appending("ManyProcesses.swift")
    let strays = try ArticleCode.strays(of: "ManyProcesses.md", from: source, minimum: 3)
    #expect(
      strays == [
        "let results = await LocalProcessGroup.run(count: 4) { group in try await program(group, path) }"
      ])
  }
}
