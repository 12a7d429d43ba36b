import ArgumentParser
import Coppice
import CoppiceConformance
import CoppiceInterop
import SystemPackage

/// The option that names the suite's directory.
struct FixturesOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("The directory of the suite.", valueName: "directory"),
    completion: .directory)
  var fixtures = "fixtures"

  /// Finds the cases.
  ///
  /// - Throws: The errors of the catalog; where the directory doesn't exist, the error names the
  ///   option.
  func catalog() throws(CoppiceError) -> FixtureCatalog {
    do throws(CoppiceError) {
      return try FixtureCatalog(at: FilePath(fixtures))
    } catch {
      guard error.code == .ioNotFound else { throw error }
      throw CoppiceError(
        .ioNotFound, "the suite isn't here; name its directory with --fixtures",
        at: .init(file: fixtures), cause: error.cause)
    }
  }
}

/// `coppice conformance`: tests a reader of the format.
struct ConformanceCommand: CoppiceCommand {
  static let configuration = CommandConfiguration(
    commandName: "conformance",
    abstract: "Test a reader of the format with the cases of the conformance suite.",
    discussion: """
      A runner is a command that reads requests from its standard input, one JSON object on each line, \
      and answers each with one JSON object on one line, until its input ends. Annex E of the \
      specification (spec/1.0/E-conformance.md) lists the requests and the answers. A request \
      without answer fails its case, and the command is started again.

      Exit status: 0 all cases pass, 1 some fail, 2 the suite could not be run.
      """)

  @Option(
    help: ArgumentHelp(
      "The command that answers requests. Default: this program's own reader.", valueName: "command"
    ),
    completion: .file())
  var runner: String?

  @Option(
    help: ArgumentHelp(
      "Run only cases whose id matches, such as 1.0/invalid/**. May be given several times.",
      valueName: "glob"))
  var filter: [String] = []

  @Option(
    help: ArgumentHelp("The seconds that a runner may take for a request.", valueName: "seconds"))
  var timeLimit = 60

  @OptionGroup var suite: FixturesOption
  @OptionGroup var format: JSONFlag

  func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
    let catalog = try suite.catalog()
    if let fault = catalog.faults.first { throw fault.asUsage }
    let cases = try choose(from: catalog)
    let report: ConformanceReport
    if let runner {
      report = try ConformanceRun.run(
        cases, with: CommandRunner(command: runner, seconds: timeLimit), monitor: monitor)
    } else {
      report = try ConformanceRun.run(
        cases, with: ReaderRunner(options: OpeningOptions.standard), monitor: monitor)
    }
    try Terminal.print(format.json ? JSONText.encode(report.json) : report.text)
    if !report.passes { throw ExitStatus.no }
  }

  /// Chooses the cases; by default, other readers are only tested with Coppice's own format.
  private func choose(from catalog: FixtureCatalog) throws(CoppiceError) -> [FixtureCase] {
    guard !filter.isEmpty else {
      return runner == nil ? catalog.cases : catalog.cases.filter { !$0.isForeign }
    }
    var ids: Set<String> = []
    for pattern in filter { ids.formUnion(try catalog.cases(matching: pattern).map(\.id)) }
    let cases = catalog.cases.filter { ids.contains($0.id) }
    guard !cases.isEmpty else {
      throw CoppiceError(.usageChoice, "no case matches \(filter.joined(separator: ", "))")
    }
    return cases
  }
}

extension CoppiceError {
  /// The error of a broken suite, which says nothing about the reader.
  fileprivate var asUsage: CoppiceError {
    CoppiceError(
      .usageChoice, "the suite can't be used: \(message)", at: location, cause: .other(self))
  }
}
