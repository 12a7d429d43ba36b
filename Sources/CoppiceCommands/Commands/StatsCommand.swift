import ArgumentParser
import Coppice
import CoppiceInterop

/// `coppice stats`: prints the statistics of arrays and branches.
struct StatsCommand: CoppiceCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Print minimum, maximum, mean and more of each array.",
    discussion: """
      Minimum, maximum, mean, standard deviation (of the population) and norm are of the finite elements; \
      zeros, NaNs and infinities are counted. Complex numbers count with their magnitudes, bools as 0 \
      and 1. Every array is read once, piece by piece.

      Exit status: 0 the arrays were read, 1 one is damaged or, with --nan, has a NaN or an infinity, \
      2 they could not be read.
      """)

  @Argument(help: "The checkpoint: PATH[:name[/tree/path]].", completion: .file())
  var path: String

  @Option(
    help: ArgumentHelp(
      "Print sums of the branches of a depth, such as 1, in place of arrays.", valueName: "number"))
  var depth: Int?

  @Flag(help: "Exit with 1 if any element is a NaN or infinite.")
  var nan = false

  @OptionGroup var opening: OpeningOptions
  @OptionGroup var step: StepOption
  @OptionGroup var format: JSONFlag

  func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
    if let depth, depth < 0 {
      throw CoppiceError(.usageChoice, "--depth takes a number that isn't negative, not \(depth)")
    }
    let progress = ProgressReporter(monitor, title: "reading")
    defer { progress.finish() }
    let result = try await Checkpoint.statistics(
      of: path, step: try step.choice, opening: opening.options, monitor: monitor)
    progress.finish()
    let table = StatisticsTable(result, depth: depth)
    try Terminal.print(
      format.json ? JSONText.encode(table.json) : table.text(width: Terminal.width))
    try Faults.end(with: table.faults)
    if nan, result.total.statistics.specialCount > 0 { throw ExitStatus.no }
  }
}
