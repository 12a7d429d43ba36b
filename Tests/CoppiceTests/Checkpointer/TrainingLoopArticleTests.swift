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
    let root = directory("run")
    var weights = try state(0)
    var steps = 0
    func train(_ weights: inout Tree<NDArray>) -> Double {
      steps += 1
      weights = (try? state(steps)) ?? weights
      // Best at the fifth step.
      return Double(abs(steps - 5))
    }

    var options = CheckpointerOptions(
      saveDecision: .fixedInterval(2),
      preservation: .any([.latest(2), .best(1, by: .minimum("loss"))]))
    options.rootMetadata = ["model": "tiny", "seed": 7]
    let checkpointer = try Checkpointer(root, options: options)

    for step in 0..<10 {
      let loss = train(&weights)
      try await checkpointer.saveAsync(step: step, weights, metrics: ["loss": .float(loss)])
    }
    try await checkpointer.close()
    #expect(checkpointer.checkpoints.map(\.step) == [4, 6, 8])

    let resumed = try Checkpointer(root, options: options)
    if let latest = resumed.latest {
      weights = try await resumed.load(step: latest.step)
    }
    let start = resumed.latest.map { $0.step + 1 } ?? 0
    let best = resumed.best(by: .minimum("loss"))
    #expect(weights.difference(from: try state(9)) == nil)
    #expect(start == 9 && best?.step == 4)
    #expect(resumed.rootMetadata == ["model": "tiny", "seed": 7])

    try await resumed.saveCheckpointables(
      step: 100, ["state": weights, "settings": JSON.object([.init("rate", 0.1)])], isForced: true)
    let parts = try await resumed.loadCheckpointables(["settings": nil], step: 100)
    let settings: JSON = try parts.value("settings")
    #expect(settings == ["rate": 0.1])

    var rules = CheckpointerOptions(
      saveDecision: .any([.fixedInterval(1000), .preemption]),
      preservation: PreservationPolicy { steps, _ in
        Set(steps.filter { $0.custom?["milestone"] == true }.map(\.step)).union(
          steps.suffix(1).map(\.step))
      })
    rules.preemption = PreemptionNotice()
    rules.deletion = .move(into: "trash")
    rules.stepNames = .composite(writing: .standard(prefix: "step", digits: 8), reading: [.any])
    let milestones = try Checkpointer(directory("other"), options: rules)
    for step in [1000, 1500, 2000, 3000] {
      try await milestones.save(
        step: step, weights, custom: ["milestone": .bool(step == 1000)])
    }
    #expect(milestones.checkpoints.map(\.name) == ["step_00001000", "step_00003000"])

    func evaluate(_ weights: Tree<NDArray>) { steps = 100 + steps }
    let evaluator = try Checkpointer(root, options: .readOnly())
    for try await info in evaluator.steps(selecting: .newest, timeout: .seconds(1)) {
      let weights = try await evaluator.load(step: info.step)
      evaluate(weights)
    }
    #expect(steps == 110)
  }

  @Test func theCodeIsThatOfTheArticle() throws {
    let article = try Specification.text(
      of: Specification.package.appending("Sources").appending("Coppice").appending("Coppice.docc")
        .appending("TrainingLoop.md"))
    let source = Self.lines(try Specification.text(of: FilePath(#filePath)))
    let blocks = article.components(separatedBy: "```swift\n").dropFirst().map {
      Self.lines($0.components(separatedBy: "```")[0])
    }
    #expect(blocks.count == 5)
    for block in blocks {
      let isThere = source.indices.contains { source[$0...].starts(with: block) }
      #expect(isThere, "\(block.first ?? "")")
    }
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map { line in String(line.drop { $0 == " " }) }
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map { String($0) }
  }
}
