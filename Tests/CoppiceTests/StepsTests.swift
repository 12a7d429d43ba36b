import Coppice
import CoppiceFiles
import CoppiceFormat
import CoppiceMaintenance
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Directories of steps: 2.6 and 3.6.
struct StepsTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test(arguments: try Specification.examples("steps"))
  func documentsAreWrittenAsRead(_ name: String) throws {
    let bytes = try Specification.bytes(ofExample: name)
    #expect(try RunDocument(parsing: bytes).encoded() == bytes)
  }

  @Test func documentSaysWhatTheTextSays() throws {
    let document = try RunDocument(
      parsing: try Specification.bytes(ofExample: "steps/run.json"))
    #expect(
      document.metadata
        == .object([.init("best", .number("-Infinity")), .init("seed", .number("7"))]))
  }

  /// The table of 2.6.
  @Test func namesAreThoseOfTheTable() throws {
    for (name, step) in [
      ("checkpoint_1000", 1000), ("run_a_0001001", 1001), ("0001002", 1002), ("1003", 999),
      ("checkpoint_1004", nil), ("best", 1000), (".1000.coppice-tmp-3f", 1000), ("1005", nil),
      ("1006", 1006), ("a1007", 1007), ("9007199254740992", nil),
    ] as [(String, Int?)] {
      try checkpoint(name, step: step)
    }
    try OutputDirectory.create(directory("logs"))
    let steps = try #require(try RunReader.open(try handle))
    #expect(
      steps.steps.map(\.name)
        == ["checkpoint_1000", "run_a_0001001", "0001002", "1005", "1006"])
    #expect(steps.steps.map(\.number) == [1000, 1001, 1002, 1005, 1006])
    #expect(steps.warnings.allSatisfy { $0.code == .directoryStepMismatch })
    #expect(
      steps.warnings.compactMap(\.location.file)
        == ["1003", "9007199254740992", "a1007", "best", "checkpoint_1004"])
    #expect(try steps.steps[3].open().step == 1005)
  }

  @Test func numbersAreUnique() throws {
    try checkpoint("7", step: nil)
    try checkpoint("checkpoint_7", step: 7)
    let handle = try handle
    #expect(code { _ = try RunReader.open(handle) } == "directory.duplicate-step")
    let found = try RunValidator.run(handle, level: .document)
    #expect(found?.map(\.fault.code) == [.directoryDuplicateStep])
  }

  /// DIR-37: a damaged step is not passed over.
  @Test func damagedStepsAreListed() throws {
    try checkpoint("7", step: nil)
    try OutputDirectory.remove(directory("7").appending("coppice.json"))
    try OutputFile.create(
      directory("7").appending("coppice.json"), holding: [0x7B], durability: .buffered)
    let handle = try handle
    let steps = try #require(try RunReader.open(handle))
    #expect(steps.steps.map(\.number) == [7])
    #expect(code { _ = try steps.steps[0].open() } == "json.syntax")
    let found = try RunValidator.run(handle, level: .data)
    #expect(found?.map(\.fault.code.rawValue) == ["json.syntax"])
    #expect(found?.first?.fault.location.file == "7/coppice.json")
  }

  @Test func otherDirectoriesAreNone() throws {
    #expect(try RunReader.open(try handle) == nil)
    try checkpoint("best", step: nil)
    #expect(try RunReader.open(try handle) == nil)
    let bytes = try Specification.bytes(ofExample: "steps/empty.json")
    try OutputFile.create(directory("coppice-root.json"), holding: bytes, durability: .buffered)
    #expect(try RunReader.open(try handle)?.steps.isEmpty == true)
  }

  private var handle: DirectoryHandle {
    get throws { try DirectoryHandle(opening: directory.path) }
  }

  private func checkpoint(_ name: String, step: Int?) throws {
    try OutputDirectory.create(directory(name))
    var document = RootDocument(requiredFeatures: [], checkpointables: [], writer: "test")
    document.step = step
    try OutputFile.create(
      directory(name).appending("coppice.json"), holding: try document.encoded(),
      durability: .buffered)
  }
}
