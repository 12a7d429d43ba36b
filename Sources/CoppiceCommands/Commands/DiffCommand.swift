import ArgumentParser
import Coppice
import CoppiceInterop
import SystemPackage

/// `coppice diff`: lists the differences of two checkpoints.
struct DiffCommand: CoppiceCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two checkpoints, of any formats, and list the differences.",
    discussion: """
      Compares structure, values, dtypes, shapes and elements, bit for bit. Where all names of one side \
      are flat, "a.b" or "a/b" is paired with b inside a of the other. With --tolerance or --relative, \
      compares numbers by value: |a - b| <= ABS + REL * |b|, where NaN equals NaN. With --quiet, only \
      the exit status answers.

      Exit status: 0 they are the same, 1 they differ, 2 they could not be compared.
      """)

  @Argument(
    help: ArgumentHelp("The first checkpoint: PATH[:name[/tree/path]].", valueName: "first"),
    completion: .file())
  var a: String

  @Argument(
    help: ArgumentHelp("The second checkpoint: PATH[:name[/tree/path]].", valueName: "second"),
    completion: .file())
  var b: String

  @Option(
    help: ArgumentHelp("The largest allowed difference of two numbers.", valueName: "abs"))
  var tolerance: Double?

  @Option(
    help: ArgumentHelp(
      "The largest allowed difference, as a fraction of the second number.", valueName: "rel"))
  var relative: Double?

  @Flag(name: .customLong("ignore-dtype"), help: "Compare arrays of different dtypes by value.")
  var ignoreDType = false

  @Flag(help: "Count another order of keys as a difference.")
  var order = false

  @Flag(help: "Also compare step, metrics, custom metadata and shardings.")
  var metadata = false

  @Flag(
    help: "Also take the norm of the difference of each array, relative to that of the first.")
  var stats = false

  @Option(
    help: ArgumentHelp(
      "Compare only nodes whose path matches. May be given several times.", valueName: "glob"))
  var select: [String] = []

  @Option(
    help: ArgumentHelp("The step of the first run, as for --step of ls.", valueName: "step"),
    completion: .steps)
  var stepA: String?

  @Option(
    help: ArgumentHelp("The step of the second run, as for --step of ls.", valueName: "step"),
    completion: .steps)
  var stepB: String?

  @Option(
    help: ArgumentHelp(
      "The number of differences to list; all are counted.", valueName: "number"))
  var limit = 100

  @OptionGroup var opening: OpeningOptions
  @OptionGroup var format: JSONFlag
  @OptionGroup var quietness: QuietFlag

  func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
    let progress = ProgressReporter(monitor, title: "comparing")
    defer { progress.finish() }
    let result: ComparisonResult
    do throws(CoppiceError) {
      result = try await Checkpoint.diff(
        a, b, options: try makeOptions(), opening: opening.options, monitor: monitor)
    } catch {
      // A damaged checkpoint can't be compared, so the status isn't "different".
      progress.finish()
      Faults.print(error, asJSON: format.json)
      throw ExitStatus.couldNotTell
    }
    progress.finish()
    if format.json {
      try Terminal.print(JSONText.encode(describe(result)))
    } else {
      try Terminal.printSummary(text(result))
    }
    if result.notComparedCount > 0 { throw ExitStatus.couldNotTell }
    if !result.isEqual { throw ExitStatus.no }
  }

  private func makeOptions() throws(CoppiceError) -> ComparisonOptions {
    var options = ComparisonOptions()
    for value in [tolerance, relative].compactMap({ $0 }) where !(value >= 0) {
      throw CoppiceError(.usageChoice, "a tolerance is a number that isn't negative")
    }
    if tolerance != nil || relative != nil {
      options.tolerance = Tolerance(absolute: tolerance ?? 0, relative: relative ?? 0)
    }
    options.ignoresDTypes = ignoreDType
    options.comparesOrder = order
    options.comparesMetadata = metadata
    options.measuresNorms = stats
    options.limit = max(limit, 0)
    options.stepA = try StepOption.parse(stepA, option: "--step-a")
    options.stepB = try StepOption.parse(stepB, option: "--step-b")
    for pattern in select { options.selection.append(try PathGlob(pattern)) }
    return options
  }

  private func text(_ result: ComparisonResult) -> String {
    var text = ""
    for difference in result.differences { text += difference.inToolWords.description + "\n" }
    let left = result.count + result.notComparedCount - result.differences.count
    if left > 0 { text += "… and \(left) more\n" }
    if let flattening = result.flattening { text += flattening.description + "\n" }
    if let norms = result.norms {
      text +=
        "\(result.changedArrayCount) of \(Self.count(result.arrayCount, "array")) changed; "
        + "\(norms), largest difference \(DifferenceDescription.text(norms.largest))\n"
    }
    let differences = Self.count(result.count, "difference")
    var compared = Self.count(result.arrayCount, "array")
    if result.fileCount > 0 { compared += " and " + Self.count(result.fileCount, "file") }
    compared += " compared"
    if result.notComparedCount > 0 { compared += ", \(result.notComparedCount) not compared" }
    let verdict =
      result.isEqual && result.notComparedCount > 0
      ? "no difference in what was compared" : result.isEqual ? "the same" : differences
    return text + "\(verdict) (\(compared))"
  }

  private static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  private func describe(_ result: ComparisonResult) -> JSON {
    var members: [JSON.Member] = [
      .init("diffVersion", .integer(1)), .init("a", .string(a)), .init("b", .string(b)),
      .init("equal", .bool(result.isEqual && result.notComparedCount == 0)),
      .init("arrays", .integer(result.arrayCount)),
      .init("files", .integer(result.fileCount)),
      .init("differenceCount", .integer(result.count)),
      .init("notComparedCount", .integer(result.notComparedCount)),
    ]
    if let norms = result.norms {
      members.append(.init("changedArrays", .integer(result.changedArrayCount)))
      members.append(.init("norms", DifferenceDescription.json(norms)))
    }
    if let flattening = result.flattening {
      members.append(.init("flattened", .string(flattening.side.rawValue)))
      members.append(.init("separator", .string(flattening.separator)))
    }
    members.append(
      .init("differences", .array(result.differences.map(DifferenceDescription.json))))
    return .object(members)
  }
}
