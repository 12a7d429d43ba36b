import Coppice
import CoppiceModel
import Testing

/// Preservation policies: the same as in Orbax and Flax, and our own.
struct PreservationPolicyTests {
  /// The age of steps counts from here.
  private static let now = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

  @Test(arguments: Self.lines(PolicyVectors.preserved))
  func keepsWhatOrbaxKeeps(_ line: String) throws {
    let fields = Self.fields(line)
    let policy = try #require(Self.policy(fields[0]))
    let runs = Self.lines(PolicyVectors.runs).map(Self.run)
    try #require(fields.count == runs.count + 1)
    for (run, expected) in zip(runs, fields.dropFirst()) {
      let kept = policy.preserved(among: run, now: Self.now)
      #expect(kept.sorted() == Self.numbers(expected), "\(policy)")
    }
  }

  @Test(arguments: Self.lines(PolicyVectors.flax).filter { !$0.contains("overwrite") })
  func keepsWhatFlaxKeeps(_ line: String) throws {
    let fields = Self.fields(line)
    let words = fields[1].split(separator: " ")
    let steps = (Self.numbers(fields[0]) + Self.numbers(String(words[0]))).sorted()
    let policy = PreservationPolicy.flax(keep: Int(words[1]) ?? 0, everySteps: Int(words[2]))
    let kept = policy.preserved(among: steps.map { CheckpointInfo(step: $0) })
    #expect(kept.sorted() == Self.numbers(fields[2]))
  }

  @Test func stepsOfUnknownAgeStay() {
    let steps = [CheckpointInfo(step: 1), CheckpointInfo(step: 2)]
    #expect(PreservationPolicy.every(.seconds(60)).preserved(among: steps) == [1, 2])
    #expect(
      PreservationPolicy.latest(within: .seconds(1)).preserved(among: steps) == [1, 2])
  }

  @Test func metricsThatAreNoNumbersAreMissing() {
    let steps: [CheckpointInfo] = [
      .init(step: 1, metrics: ["loss": "low"]), .init(step: 2, metrics: ["other": 1]),
      .init(step: 3, metrics: ["loss": 3]), .init(step: 4, metrics: ["loss": 2.5]),
      .init(step: 5, metrics: ["loss": .float(Double.nan)]),
    ]
    let best = { (keeps: Bool) in
      PreservationPolicy.best(1, by: .minimum("loss"), keepsWithoutMetrics: keeps)
        .preserved(among: steps)
    }
    #expect(best(true) == [1, 2, 4])
    #expect(best(false) == [4])
    #expect(StepMetric.minimum("loss").best(of: steps)?.step == 4)
    #expect(StepMetric.maximum("loss").best(of: steps)?.step == 3)
    #expect(StepMetric.maximum("loss").best(of: Array(steps[4...])) == nil)
  }

  @Test func metricsMayLieInside() {
    let info = CheckpointInfo(step: 1, metrics: ["eval": ["loss": 0.5], "loss": 2])
    #expect(StepMetric.minimum("eval", "loss").value(of: info) == 0.5)
    let sum = StepMetric(.maximum) { metrics in
      if case .number(let text)? = metrics["loss"] { Double(text).map { $0 + 1 } } else { nil }
    }
    #expect(sum.value(of: info) == 3)
  }

  @Test func policiesArePutTogether() {
    let steps = (0..<10).map { CheckpointInfo(step: $0) }
    let even = PreservationPolicy("even") { steps, _ in
      Set(steps.map(\.step).filter { $0 % 2 == 0 })
    }
    #expect(PreservationPolicy.all([even, .latest(3)]).preserved(among: steps) == [8])
    #expect(PreservationPolicy.any([even, .latest(3)]).preserved(among: steps).count == 7)
    #expect(PreservationPolicy.any([]).preserved(among: steps).isEmpty)
    #expect(PreservationPolicy.all([]).preserved(among: steps).count == 10)
  }

  @Test func oddNumbersDoNoHarm() {
    let steps: [CheckpointInfo] = [
      .init(step: 0, commitTime: Timestamp(nanoseconds: .min)),
      .init(step: Int.max, commitTime: Timestamp(nanoseconds: .max)),
    ]
    #expect(PreservationPolicy.latest(-1).preserved(among: steps).isEmpty)
    #expect(PreservationPolicy.every(steps: 0).preserved(among: steps).count == 2)
    #expect(PreservationPolicy.closest(toEvery: -5).preserved(among: steps).count == 2)
    #expect(PreservationPolicy.closest(toEvery: .max).preserved(among: steps).count == 2)
    #expect(PreservationPolicy.every(.seconds(Int64.max)).preserved(among: steps) == [0])
    #expect(
      PreservationPolicy.latest(within: .seconds(-1)).preserved(among: steps).count == 1)
  }

  // MARK: The vectors

  static func lines(_ text: String) -> [String] { text.split(separator: "\n").map { String($0) } }

  static func fields(_ line: String) -> [String] {
    line.split(separator: "|", omittingEmptySubsequences: false).map { field in
      field.split(separator: " ").joined(separator: " ")
    }
  }

  static func numbers(_ text: String) -> [Int] { text.split(separator: " ").compactMap { Int($0) } }

  private static func run(_ line: String) -> [CheckpointInfo] {
    line.split(separator: " ").compactMap { word in
      let parts = word.split(separator: "/")
      guard parts.count == 3, let step = Int(parts[0]), let age = Int(parts[1]) else { return nil }
      return CheckpointInfo(
        step: step, metrics: Double(parts[2]).map { ["acc": .float($0)] },
        commitTime: now - .seconds(age))
    }
  }

  private static func policy(_ text: String) -> PreservationPolicy? {
    let words = text.split(separator: " ").map { String($0) }
    let number = words.count > 1 ? Int(words[1]) ?? 0 : 0
    switch words[0] {
    case "all": return .all
    case "latest": return .latest(number)
    case "within": return .latest(within: .seconds(number))
    case "seconds": return .every(.seconds(number))
    case "steps": return .every(steps: number, exactly: words[2] == "exact", atMost: Int(words[3]))
    case "closest": return .closest(toEvery: number, atMost: Int(words[2]))
    case "custom": return .specificSteps(words.compactMap { Int($0) })
    case "best":
      return .best(
        number, by: words[2] == "max" ? .maximum("acc") : .minimum("acc"),
        keepsWithoutMetrics: words[3] == "keep")
    case "best-and-latest":
      return .any([.best(1, by: .maximum("acc"), keepsWithoutMetrics: false), .latest(1)])
    case "period-and-latest": return .any([.every(steps: 10), .latest(2)])
    default: return nil
    }
  }
}
