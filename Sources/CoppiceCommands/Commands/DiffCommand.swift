import ArgumentParser
import Coppice
import CoppiceFiles
import CoppiceInterop
import CoppiceModel
import SystemPackage

/// `coppice diff`: lists the differences of two checkpoints.
struct DiffCommand: CoppiceCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two checkpoints, of any formats, and list the differences.",
    discussion: """
      Compares structure, values, dtypes, shapes and elements, bit for bit. Where all names of one side \
      are flat, "a.b" or "a/b" is paired with b inside a of the other. With --tolerance or --relative, \
      compares numbers by value: |a - b| <= ABS + REL * |b|, where NaN equals NaN.

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

  @Option(
    help: ArgumentHelp(
      "Compare only nodes whose path matches. May be given several times.", valueName: "glob"))
  var select: [String] = []

  @Option(
    help: ArgumentHelp("The step of the first run: a number, or latest.", valueName: "step"),
    completion: .steps)
  var stepA: String?

  @Option(
    help: ArgumentHelp("The step of the second run: a number, or latest.", valueName: "step"),
    completion: .steps)
  var stepB: String?

  @Option(
    help: ArgumentHelp(
      "The number of differences to list; all are counted.", valueName: "number"))
  var limit = 100

  @OptionGroup var opening: OpeningOptions
  @OptionGroup var format: JSONFlag

  func execute(_ monitor: OperationMonitor) throws(CoppiceError) {
    let progress = ProgressReporter(monitor, title: "comparing")
    defer { progress.finish() }
    let result: ComparisonResult
    do {
      result = try compare(try makeOptions(), monitor)
    } catch {
      // A damaged checkpoint can't be compared, so the status isn't "different".
      progress.finish()
      Faults.print(error, asJSON: format.json)
      throw ExitStatus.couldNotTell
    }
    progress.finish()
    try Terminal.print(format.json ? try JSONText.encode(describe(result)) : text(result))
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
    options.limit = max(limit, 0)
    for pattern in select { options.selection.append(try PathGlob(pattern)) }
    return options
  }

  private func compare(
    _ options: ComparisonOptions, _ monitor: OperationMonitor
  ) throws(CoppiceError) -> ComparisonResult {
    let (left, right) = (CheckpointAddress(a), CheckpointAddress(b))
    let first = try open(left, stepA, "--step-a")
    let second = try open(right, stepB, "--step-b")
    switch (first, second) {
    case (.checkpoint(let x), .checkpoint(let y)):
      let result = try Comparison.run(
        left, in: x, right, in: y, options: options, monitor: monitor)
      Warnings.print(x.allWarnings + y.allWarnings)
      return result
    case (.steps(let x), .steps(let y)):
      guard left.isWhole, right.isWhole else {
        throw CoppiceError(.usageChoice, "choose steps with --step-a and --step-b")
      }
      return try Comparison.run(
        x, y, options: options, names: (left.path.string, right.path.string), monitor: monitor)
    case (.steps, _):
      throw CoppiceError(.usageChoice, "the first is a run of steps; choose one with --step-a")
    case (_, .steps):
      throw CoppiceError(.usageChoice, "the second is a run of steps; choose one with --step-b")
    }
  }

  private func open(
    _ address: CheckpointAddress, _ step: String?, _ option: String
  ) throws(CoppiceError) -> CheckpointInput {
    let input = try address.naming { () throws(CoppiceError) in try opening.open(address) }
    guard let choice = try StepOption.parse(step, option: option) else { return input }
    guard case .steps(let steps) = input else {
      throw CoppiceError(
        .usageChoice, "this is one checkpoint; leave \(option) out",
        at: .init(file: address.path.string))
    }
    return .checkpoint(
      try address.naming { () throws(CoppiceError) in try choice.open(in: steps) })
  }

  private func text(_ result: ComparisonResult) -> String {
    var text = ""
    for difference in result.differences { text += difference.description + "\n" }
    let left = result.count + result.notComparedCount - result.differences.count
    if left > 0 { text += "… and \(left) more\n" }
    if let flattening = result.flattening { text += flattening.description + "\n" }
    let differences = Self.count(result.count, "difference")
    var compared = Self.count(result.arrayCount, "array")
    if result.fileCount > 0 { compared += " and " + Self.count(result.fileCount, "file") }
    compared += " compared"
    if result.notComparedCount > 0 { compared += ", \(result.notComparedCount) not compared" }
    let verdict =
      result.isEqual && result.notComparedCount > 0
      ? "no difference in what was compared" : result.isEqual ? "the same" : differences
    return text + "\(verdict) (\(compared))\n"
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
    if let flattening = result.flattening {
      members.append(.init("flattened", .string(flattening.side.rawValue)))
      members.append(.init("separator", .string(flattening.separator)))
    }
    members.append(
      .init("differences", .array(result.differences.map(DifferenceDescription.json))))
    return .object(members)
  }
}
