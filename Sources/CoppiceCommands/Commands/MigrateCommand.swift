import ArgumentParser
import Coppice
import CoppiceInterop
import CoppiceMaintenance
import SystemPackage

/// `coppice migrate`: converts a checkpoint of an older version of the format to the newest one.
struct MigrateCommand: CoppiceCommand {
  static let writesCheckpoints = true

  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Convert a checkpoint, or a run, of format version 0 to version 1.0.",
    discussion: """
      Writes the result beside the source and keeps the source. With --in-place the result takes the \
      source's name, and then the source is deleted. The checkpoint stays readable if the command is \
      interrupted at any point. The output lists what version 0 doesn't record and had to be inferred.
      """)

  @Argument(help: "A checkpoint or run of version 0.", completion: .file())
  var source: String

  @Argument(
    help: "The path of the result, which must not exist. Default: SOURCE.v1.",
    completion: .file())
  var target: String?

  @Flag(help: "Give the result the source's name.")
  var inPlace = false

  @Flag(help: "Write nothing; print what would be inferred.")
  var dryRun = false

  @Flag(help: "Don't wait until the result is on stable storage.")
  var notDurable = false

  @OptionGroup var opening: StoredOptions
  @OptionGroup var format: JSONFlag
  @OptionGroup var verbosity: VerboseFlag
  @OptionGroup var quietness: QuietFlag

  func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
    let start = ContinuousClock.now
    let progress = ProgressReporter(monitor, title: "migrating")
    defer { progress.finish() }
    guard !(inPlace && target != nil) else {
      throw CoppiceError(.usageChoice, "--in-place takes no target; leave one of them out")
    }
    let durability = notDurable ? Durability.buffered : .durable
    let report: MigrationReport
    if inPlace {
      report = try await Checkpoint.migrate(
        inPlace: FilePath(source), isDryRun: dryRun, opening: opening.options,
        durability: durability, monitor: monitor)
    } else {
      report = try await Checkpoint.migrate(
        at: FilePath(source), to: dryRun ? nil : try chosenTarget(), opening: opening.options,
        durability: durability, monitor: monitor)
    }
    progress.finish()
    if format.json {
      try Terminal.print(JSONText.encode(describe(report)))
    } else {
      let rate = WorkRate.text(of: monitor.byteCount, in: ContinuousClock.now - start)
      try print(report, report.result == nil ? "" : ", " + rate)
    }
  }

  private func chosenTarget() throws(CoppiceError) -> FilePath {
    if let target { return FilePath(target) }
    let source = FilePath(source)
    guard let name = source.lastComponent?.string, name != ".", name != ".." else {
      throw CoppiceError(.usageChoice, "the source's path doesn't end in a name; give a target")
    }
    return source.removingLastComponent().appending(name + ".v1")
  }

  private func print(_ report: MigrationReport, _ rate: String) throws(CoppiceError) {
    guard !report.isCurrent else {
      try Terminal.printSummary(
        "\(source.printable): already version \(report.version); nothing to do")
      return
    }
    NoteList(report.notes).print(isVerbose: verbosity.verbose)
    let what = report.steps.map { "\($0.count) steps of version" } ?? "version"
    let result = report.result?.string.printable ?? "nothing was written (dry run)"
    try Terminal.printSummary(
      "\(source.printable): \(what) \(report.version) → 1.0: \(result)\(rate)")
  }

  private func describe(_ report: MigrationReport) -> JSON {
    let notes = report.notes.map { note in
      JSON.object([
        .init("treePath", .string(note.treePath)), .init("kind", .string(note.kind.rawValue)),
        .init("message", .string(note.message)),
      ])
    }
    var members: [JSON.Member] = [
      .init("migrateVersion", .integer(1)), .init("source", .string(source)),
      .init("from", .string(report.version)), .init("to", .string("1.0")),
      .init("alreadyCurrent", .bool(report.isCurrent)), .init("dryRun", .bool(dryRun)),
      .init("inferred", .array(notes)),
    ]
    if let result = report.result { members.append(.init("target", .string(result.string))) }
    if let steps = report.steps {
      members.append(.init("steps", .array(steps.map { .integer($0) })))
    }
    return .object(members)
  }
}
