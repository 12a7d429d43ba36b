import CoppiceFiles
import CoppiceTestSupport
import SystemPackage
import Testing

/// The tool without MPI, started several times by mpirun.
@Suite(.enabled(if: Tool.isBuilt))
struct LauncherTests {
  private static let checkpoint = "fixtures/1.0/valid/writer/plain/checkpoint"

  /// Runs the tool as a rank that Open MPI's or MPICH's mpirun starts.
  private func run(
    _ line: String, _ environment: String
  ) throws -> (status: Int32, said: String, isThere: Bool) {
    let directory = try TemporaryDirectory()
    let result = ShellCommand.script(
      "cd \(ShellCommand.quoted(Specification.package.string)) && \(environment) "
        + "\(ShellCommand.quoted(Tool.path.string)) "
        + "\(line.replacing("TMP", with: directory.path.string)) 2>&1")
    return (
      result.status, result.output,
      try DirectoryHandle(opening: directory.path).allFiles().count > 0
    )
  }

  @Test(arguments: [
    "OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_RANK=0", "PMI_SIZE=4 PMI_RANK=0",
    "PMIX_RANK=0 SLURM_STEP_NUM_TASKS=4",
  ])
  func refusesToWriteAsOneOfSeveral(_ environment: String) throws {
    let result = try run("convert \(Self.checkpoint) TMP/out", environment)
    #expect(result.status == 2 && !result.isThere)
    #expect(
      result.said == """
        coppice: 4 processes were started, but this program is built without MPI; start it without \
        mpirun, or build it by make build MPI=1 [usage.choice]

        """)
  }

  /// One process says it for all.
  @Test func otherRanksAreSilent() throws {
    let result = try run(
      "convert \(Self.checkpoint) TMP/out", "OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_RANK=3")
    #expect(result.status == 2 && !result.isThere && result.said.isEmpty)
  }

  @Test func oneProcessWritesAndManyRead() throws {
    let one = try run("convert \(Self.checkpoint) TMP/out", "PMI_SIZE=1 PMI_RANK=0")
    #expect(one.status == 0 && one.isThere)
    let many = try run("info \(Self.checkpoint)", "PMI_SIZE=4 PMI_RANK=1")
    #expect(many.status == 0 && !many.said.isEmpty)
  }
}
