import Coppice
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// The article *A training loop*: its code runs here, line by line.
struct TrainingLoopArticleTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func theCodeRuns() async throws {
    let (root, other) = (directory("run"), directory("other"))
    var weights = try state(0)
    var steps = 0
    func train(_ weights: inout Tree<NDArray>) -> Double {
      steps += 1
      weights = (try? state(steps)) ?? weights
      // Best at the fifth step.
      return Double(abs(steps - 5))
    }

    var options = CheckpointerOptions(
      preservation: .any([.latest(2), .best(1, by: .minimum("loss"))]))
    options.rootMetadata = ["model": "tiny", "seed": 7]
    let checkpointer = try Checkpointer(root, options: options)

    for step in 0..<10 {
      let loss = train(&weights)
      try await checkpointer.saveAsync(step: step, weights, metrics: ["loss": .float(loss)]).get()
    }
    try await checkpointer.close()
    // The last step is there.
    #expect(checkpointer.checkpoints.map(\.step) == [4, 8, 9])

    let resumed = try Checkpointer(root, options: options)
    if resumed.latest != nil { weights = try await resumed.load() }
    let start = resumed.latest.map { $0.step + 1 } ?? 0
    let best = resumed.best(by: .minimum("loss"))
    #expect(weights.difference(from: try state(10)) == nil)
    #expect(start == 10 && best?.step == 4)
    #expect(resumed.rootMetadata == ["model": "tiny", "seed": 7])

    try await resumed.saveCheckpointables(
      step: 100, ["state": weights, "settings": ["rate": 0.1] as JSON]
    ).get()
    let parts = try await resumed.loadCheckpointables(["settings": nil], step: 100)
    let settings: JSON = try parts.value("settings")
    #expect(settings == ["rate": 0.1])

    let seldom = try Checkpointer(
      other, options: CheckpointerOptions(saveDecision: .fixedInterval(4)))

    for step in 0...9 {
      _ = train(&weights)
      let save = try await seldom.saveAsync(
        step: step, weights, options: .init(isForced: step == 9))
      if case .skipped(let reason) = save { print(reason) }
    }
    try await seldom.close()
    #expect(seldom.checkpoints.map(\.step) == [0, 4, 8, 9])
    #expect(try await seldom.load().difference(from: weights) == nil)

    var rules = CheckpointerOptions(
      saveDecision: .any([.fixedInterval(1000), .preemption]),
      preservation: PreservationPolicy { steps, _ in
        Set(steps.filter { $0.custom?["milestone"] == true }.map(\.step)).union(
          steps.suffix(1).map(\.step))
      })
    rules.preemption = PreemptionNotice()
    rules.deletion = .move(into: "trash")
    rules.stepNames = .composite(writing: .standard(prefix: "step", digits: 8), reading: [.any])
    let milestones = try Checkpointer(directory("milestones"), options: rules)
    for step in [1000, 1500, 2000, 3000] {
      let result = try await milestones.save(
        step: step, weights, options: .init(custom: ["milestone": .bool(step == 1000)]))
      #expect(result.isSkipped == (step == 1500))
    }
    #expect(milestones.checkpoints.map(\.name) == ["step_00001000", "step_00003000"])

    var evaluated = 0
    func evaluate(_ weights: Tree<NDArray>) { evaluated += 1 }
    let evaluator = try Checkpointer(root, options: .readOnly())
    for try await info in evaluator.steps(selecting: .newest, timeout: .seconds(1)) {
      let weights = try await evaluator.load(step: info.step)
      evaluate(weights)
    }
    #expect(evaluated == 1)
  }

  @Test func theCodeIsThatOfTheArticle() throws {
    let strays = try ArticleCode.strays(
      of: "TrainingLoop.md", from: FilePath(#filePath), minimum: 6)
    #expect(strays == [])
  }
}
