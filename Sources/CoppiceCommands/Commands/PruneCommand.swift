import ArgumentParser
import Coppice
import CoppiceInterop
import SystemPackage

/// `coppice prune`: deletes the steps of a run that needn't stay.
struct PruneCommand: CoppiceCommand {
  static let writesCheckpoints = true

  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Delete the steps of a run that no --keep option keeps.",
    discussion: """
      A step stays if one of the options keeps it. Faulty steps stay, since they may be repaired; so do \
      steps that are being read, and the newest step if no other step stays. Each step is deleted whole \
      or not at all, even if the command is killed. Steps that a program saves meanwhile stay. Only runs \
      of Coppice's own format can be pruned.

      Exit status: 0 pruned, 2 a step could not be deleted, or the command line is wrong.
      """)

  @Argument(help: "The run: a directory of steps.", completion: .directory)
  var run: String

  @Option(help: ArgumentHelp("Keep the steps with the greatest numbers.", valueName: "count"))
  var keepLatest: Int?

  @Option(
    help: ArgumentHelp("Keep the steps whose numbers are multiples of this.", valueName: "interval")
  )
  var keepEvery: Int?

  @Option(
    help: ArgumentHelp(
      """
      Keep the best steps by a metric, and steps without it: 3:loss:min or 3:accuracy:max. May be given \
      several times.
      """, valueName: "count:metric:goal"))
  var keepBest: [String] = []

  @Flag(help: "Delete nothing; print what would be deleted.")
  var dryRun = false

  @OptionGroup var format: JSONFlag
  @OptionGroup var quietness: QuietFlag

  func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
    let policy = try policy()
    let opened = try await openRun()
    try checkMetrics(of: opened)
    var options = CheckpointerOptions()
    options.createsRoot = false
    options.isReadOnly = dryRun
    options.opening = OpeningOptions.standard
    options.onWarning = { Warnings.print([$0]) }
    let checkpointer = try Checkpointer(FilePath(run), options: options)
    let report = try await checkpointer.prune(
      keeping: policy, isDryRun: dryRun, monitor: monitor)
    let description = PruneDescription(report: report, run: run, isPlan: dryRun)
    if format.json {
      try Terminal.print(JSONText.encode(description.json))
    } else {
      try Terminal.printSummary(description.lines.joined(separator: "\n"))
    }
    Warnings.print(report.survivors.map(\.reason).filter { $0.code == .operationInUse })
    let failures = report.survivors.map(\.reason).filter { $0.code != .operationInUse }
    for failure in failures { Faults.print(failure) }
    if !failures.isEmpty { throw ExitStatus.couldNotTell }
  }

  /// Opens the run, to refuse anything else before a checkpointer marks a directory as its run.
  private func openRun() async throws(CoppiceError) -> CheckpointRun {
    let path = FilePath(run)
    guard
      case .steps(let steps) = try await CheckpointInput.open(
        path, opening: OpeningOptions.standard)
    else {
      throw CoppiceError(
        .usageChoice, "this is one checkpoint, not a run", at: .init(file: path.string))
    }
    guard steps.format == OutputFormat.coppice.name else {
      throw CoppiceError(
        .usageChoice,
        "this is a run of \(steps.format), and only runs of coppice can be pruned; use the library that "
          + "wrote it, or convert it first",
        at: .init(file: path.string))
    }
    return steps
  }

  private func policy() throws(CoppiceError) -> PreservationPolicy {
    var policies: [PreservationPolicy] = []
    if let keepLatest { policies.append(.latest(try Self.atLeast1(keepLatest, "--keep-latest"))) }
    if let keepEvery {
      policies.append(.every(steps: try Self.atLeast1(keepEvery, "--keep-every")))
    }
    for text in keepBest {
      let (count, metric, goal) = try Self.parseBest(text)
      policies.append(.best(count, by: StepMetric(goal, named: metric)))
    }
    guard !policies.isEmpty else {
      throw CoppiceError(
        .usageChoice, "say which steps stay: --keep-latest, --keep-every or --keep-best")
    }
    return .any(policies)
  }

  private static func atLeast1(_ number: Int, _ option: String) throws(CoppiceError) -> Int {
    guard number >= 1 else {
      throw CoppiceError(.usageChoice, "\(option) takes a number from 1 on, not \(number)")
    }
    return number
  }

  private static func parseBest(
    _ text: String
  ) throws(CoppiceError) -> (count: Int, metric: String, goal: StepMetric.Goal) {
    let usage = "--keep-best COUNT:METRIC:min"
    guard let colon = text.firstIndex(of: ":"), let count = Int(text[..<colon]), count >= 1 else {
      throw CoppiceError(
        .usageChoice, "write \(usage) with a count from 1 on, not \"\(text.printable)\"")
    }
    let (metric, goal) = try StepOption.parseMetric(text[text.index(after: colon)...], usage)
    return (count, metric, goal)
  }

  /// Refuses a metric that no step has: its name is misspelled, and every step would stay.
  private func checkMetrics(of steps: CheckpointRun) throws(CoppiceError) {
    guard !keepBest.isEmpty else { return }
    let infos = try steps.checkpoints()
    for text in keepBest {
      let (_, name, goal) = try Self.parseBest(text)
      let metric = StepMetric(goal, named: name)
      guard !infos.contains(where: { metric.value(of: $0) != nil }) else { continue }
      throw StepMetric.missing(name, in: infos.compactMap(\.metrics))
    }
  }
}
