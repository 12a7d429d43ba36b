import Coppice
import CoppiceTestSupport
import SystemPackage
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The first examples: of the README, of the page of the module, and of `Checkpointer`.
///
/// Their paths are relative: each runs in a process that has an empty working directory.
struct ReadmeTests {
  struct TrainState: Codable, Sendable {
    var step: Int
    var params: [String: NDArray]
  }

  /// Runs code in an empty directory.
  private static func run(_ code: () async throws -> Void) async throws {
    let directory = try TemporaryDirectory()
    try #require(chdir(directory.path.string) == 0)
    try await code()
    withExtendedLifetime(directory) {}
  }

  @Test func theCodeOfTheReadmeRuns() async {
    await #expect(processExitsWith: .success) { try await ReadmeTests.run(ReadmeTests.readme) }
  }

  @Test func theCodeOfTheCheckpointerRuns() async {
    await #expect(processExitsWith: .success) {
      try await ReadmeTests.run {
        try await ReadmeTests.checkpointer()
        // The run is over: it goes on from its last step.
        try await ReadmeTests.checkpointer()
      }
    }
  }

  private static func readme() async throws {
    var state = TrainState(step: 0, params: ["w": try NDArray([1, 2, 3] as [Float])])
    func train(_ state: inout TrainState) -> JSON {
      state.step += 1
      return ["loss": .float(1 / Double(state.step))]
    }

    try await Checkpoint.save(state, to: "runs/best")
    let loaded = try await Checkpoint.load(TrainState.self, from: "runs/best")
    try #require(loaded.step == 0 && loaded.params == state.params)

    // Only the parameters, as float16; what is missing or different is an error that lists it.
    let part = try await Checkpoint.load(
      from: "runs/best", as: ["params": ["w": .array(dtype: .float16)]],
      options: .init(unexpected: .ignore))
    try #require(part.leaves.map(\.leaf.dtype) == [.float16])

    // The steps of a run: asynchronous saves, what is kept, and where the run goes on.
    let keeping = CheckpointerOptions(preservation: .any([.latest(3), .every(steps: 50)]))
    try await Checkpointer.withRun(at: "runs/7", options: keeping) { run in
      if run.latest != nil { state = try await run.load(as: state) }
      while state.step < 100 {
        let metrics = train(&state)
        try await run.saveAsync(step: state.step, state, metrics: metrics).get()
      }
    }

    // The last step is there.
    let steps = try Checkpointer("runs/7").checkpoints.map(\.step)
    try #require(steps == [50, 98, 99, 100], "\(steps)")
    let last = try await Checkpointer("runs/7").load(TrainState.self)
    try #require(last.step == 100)
  }

  private static func checkpointer() async throws {
    var state: Tree<NDArray> = .value(.int(IntegerText(0)))
    func train(_ state: Tree<NDArray>) -> Tree<NDArray> {
      guard case .value(.int(let count)) = state else { return state }
      return .value(.int(IntegerText((Int(count.text) ?? 0) + 1)))
    }

    let checkpointer = try Checkpointer("runs/7")
    let start = checkpointer.latest?.step
    if let start { state = try await checkpointer.load(step: start) }
    for step in (start.map { $0 + 1 } ?? 0)..<100 {
      state = train(state)
      try await checkpointer.saveAsync(step: step, state).get()
    }
    try await checkpointer.close()

    let steps = try Checkpointer("runs/7").checkpoints.map(\.step)
    try #require(steps == Array(0..<100), "\(steps)")
    let last = try await Checkpointer("runs/7").load()
    try #require(last == .value(.int(IntegerText(100))))
  }

  @Test(arguments: [
    ("README.md", 3), ("docs/library.md", 5), ("Sources/Coppice/Coppice.docc/Coppice.md", 2),
    ("Sources/CoppiceRuns/Checkpointer.swift", 1),
  ])
  func theCodeIsThatOfTheDocument(_ document: String, _ paragraphs: Int) throws {
    let strays = try ArticleCode.strayParagraphs(
      of: document, from: FilePath(#filePath), minimum: paragraphs)
    #expect(strays == [])
  }
}
