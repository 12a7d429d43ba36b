import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import Synchronization
import SystemPackage
import Testing

/// A faulty step is listed with its fault, is never the latest or the best, and hides no other.
///
/// Spec: DIR-37, DIR-38, DIR-39.
struct FaultyStepTests {
  private let root: RootFixture

  init() throws { root = try RootFixture() }

  /// A run of the steps 0 to 3, whose loss falls.
  private func save() async throws {
    let checkpointer = try root.open()
    for step in 0..<4 {
      let metrics: JSON = ["loss": .integer(10 - step)]
      try await checkpointer.save(step: step, try state(step), metrics: metrics).get()
    }
    try await checkpointer.close()
  }

  private func path(_ name: String) -> FilePath { root.path.pushing(FilePath(name)) }

  private func flip(_ name: String, at place: Int) throws {
    let file = try InputFile(opening: path(name))
    var bytes = try file.bytes(at: 0, count: file.byteCount)
    bytes[place < 0 ? bytes.count + place : place] ^= 1
    try OutputDirectory.remove(path(name))
    try OutputFile.create(path(name), holding: bytes, durability: .buffered)
  }

  private func weights(_ tree: Tree<NDArray>) throws -> Int {
    guard case .value(.int(let count))? = tree[TreePath([.key("count")])] else { return -1 }
    return try #require(Int(count.text))
  }

  @Test(arguments: [
    ("3/coppice.json", "directory.no-root-document"),
    ("3/state/tree.json", "directory.file-missing"),
  ])
  func aStepThatLostAFileIsNotTheLatest(_ name: String, _ code: String) async throws {
    try await save()
    try OutputDirectory.remove(path(name))
    let checkpointer = try root.open()
    #expect(checkpointer.checkpoints.map(\.step) == [0, 1, 2, 3])
    #expect(checkpointer.checkpoints.map { $0.fault?.code.rawValue } == [nil, nil, nil, code])
    #expect(checkpointer.latest?.step == 2)
    #expect(checkpointer.best(by: .minimum("loss"))?.step == 2)
    #expect(try weights(try await checkpointer.load()) == 2)
    #expect(await CoppiceTests.code { _ = try await checkpointer.load(step: 3) } == code)
    #expect(try root.findings().count == 1)
  }

  @Test func aDocumentOfAnotherSizeIsSeen() async throws {
    try await save()
    try OutputDirectory.remove(path("2/state/tree.json"))
    try root.write("{", to: "2/state/tree.json")
    try flip("3/coppice.json", at: 20)
    let checkpointer = try root.open()
    #expect(checkpointer.checkpoints.map { $0.fault == nil } == [true, true, false, false])
    #expect(checkpointer.latest?.step == 1)
  }

  @Test func onlyFaultyStepsAreNoLatest() async throws {
    try await save()
    for step in 0..<4 { try OutputDirectory.remove(path("\(step)/state/tree.json")) }
    let checkpointer = try root.open()
    #expect(checkpointer.latest == nil)
    #expect(await code { _ = try await checkpointer.load() } == "directory.file-missing")
  }

  @Test func trainingGoesOnAndTheFaultyStepIsSetAside() async throws {
    try await save()
    try OutputDirectory.remove(path("3/coppice.json"))
    let warnings = Mutex<[String]>([])
    let checkpointer = try root.open {
      $0.onWarning = { warning in warnings.withLock { $0.append(warning.message) } }
      $0.preservation = .latest(2)
    }
    let start = try #require(checkpointer.latest?.step)
    for step in (start + 1)..<6 { try await checkpointer.save(step: step, try state(step)).get() }
    try await checkpointer.close()
    #expect(checkpointer.checkpoints.map(\.step) == [4, 5])
    #expect(try root.names == ["3.damaged", "4", "5", "coppice-root.json"])
    #expect(try InputFile(opening: path("3.damaged/state/arrays.h5")).byteCount > 0)
    #expect(warnings.withLock { $0.count } == 1)
  }

  @Test func policiesLeaveFaultyStepsAlone() async throws {
    try await save()
    try OutputDirectory.remove(path("1/state/tree.json"))
    let checkpointer = try root.open { $0.preservation = .latest(1) }
    try await checkpointer.save(step: 4, try state(4)).get()
    #expect(checkpointer.checkpoints.map(\.step) == [1, 4])
  }

  @Test func goingBackIsAskedForByName() async throws {
    try await save()
    // The last bytes of the file are those of an array.
    for step in 2..<4 { try flip("\(step)/state/arrays.h5", at: try arrayOffset(step)) }
    let warnings = Mutex<[String]>([])
    let checkpointer = try root.open {
      $0.onWarning = { warning in warnings.withLock { $0.append(warning.message) } }
    }
    #expect(checkpointer.latest?.step == 3)
    #expect(await code { _ = try await checkpointer.load() } == "arrays.digest-mismatch")
    let tree = try await checkpointer.load(fallback: .olderStep)
    #expect(try weights(tree) == 1)
    #expect(checkpointer.latest?.step == 1)
    #expect(warnings.withLock { $0.count } == 2)
    let again = try await checkpointer.loadCheckpointables(step: 3, fallback: .olderStep)
    #expect(try weights(try again.tree("state")) == 1)
  }

  /// The place of the weights: each is the step as int32.
  private func arrayOffset(_ step: Int) throws -> Int {
    let file = try InputFile(opening: path("\(step)/state/arrays.h5"))
    let bytes = try file.bytes(at: 0, count: file.byteCount)
    let element: [UInt8] = [UInt8(step), 0, 0, 0]
    let sought = element + element + element + element
    return try #require(
      (0...(bytes.count - 16)).last { Array(bytes[$0..<($0 + 16)]) == sought })
  }

  @Test func whoWaitsForStepsGetsNoFaultyOne() async throws {
    try await save()
    try OutputDirectory.remove(path("3/coppice.json"))
    let reader = try Checkpointer(root.path, options: .readOnly())
    var found: [Int] = []
    for try await info in reader.steps(every: .milliseconds(1), timeout: .milliseconds(20)) {
      found.append(info.step)
    }
    #expect(found == [0, 1, 2])
  }
}
