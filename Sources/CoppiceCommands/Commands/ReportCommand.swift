import ArgumentParser
import Coppice
import CoppiceInterop
import CoppiceMaintenance
import CoppiceReport

/// `coppice report`: writes a page of HTML that shows a checkpoint or a run.
struct ReportCommand: CoppiceCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a page of HTML that shows a checkpoint, two compared, or a run.",
    discussion: """
      The page is one file for any browser and needs no network. It shows the tree, the bytes by branch \
      and dtype, shardings, metadata and the verdict of a validation; of a run, metrics and sizes over \
      its steps. A second checkpoint adds the differences between the two.
      """)

  @Argument(help: "The checkpoint or run: PATH[:name[/tree/path]].", completion: .file())
  var path: String

  @Argument(help: "A checkpoint to compare with.", completion: .file())
  var other: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write, such as report.html.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var output: String

  @Option(
    help: ArgumentHelp(
      "The depth of the validation: document, structure, data, or none.", valueName: "level"),
    completion: .list(ValidationLevel.allCases.map(\.rawValue) + ["none"]))
  var level = ValidationLevel.structure.rawValue

  @Option(
    help: ArgumentHelp("The step of the second run: a number, or latest.", valueName: "step"),
    completion: .steps)
  var otherStep: String?

  @Flag(
    help:
      "Also show statistics, with histograms and heat maps of the largest arrays; reads all data.")
  var stats = false

  @Flag(help: "Replace the file if it is there and is the page of a report.")
  var replace = false

  @OptionGroup var opening: OpeningOptions
  @OptionGroup var step: StepOption

  func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
    try CheckpointReport.checkTarget(
      output, of: [path] + (other.map { [$0] } ?? []), replacing: replace)
    let progress = ProgressReporter(monitor, title: "reading")
    defer { progress.finish() }
    let report = try await Checkpoint.report(on: path, options: makeOptions(), monitor: monitor)
    try report.write(to: output, replacing: replace)
    progress.finish()
    try Faults.end(with: report.faults)
  }

  private func makeOptions() throws(CoppiceError) -> ReportOptions {
    var options = ReportOptions()
    options.opening = opening.options
    options.step = try step.choice
    options.other = other
    options.hasStatistics = stats
    options.words = ToolWords.tell
    options.otherStep = try StepOption.parse(otherStep, option: "--other-step")
    options.level = ValidationLevel(rawValue: level)
    guard options.level != nil || level == "none" else {
      throw CoppiceError(
        .usageChoice, "--level takes document, structure, data or none, not \"\(level.printable)\"")
    }
    return options
  }
}
