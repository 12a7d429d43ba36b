import ArgumentParser
import Coppice
import CoppiceMaintenance
import SystemPackage

/// `coppice repair`: writes a repaired copy of a damaged checkpoint.
struct RepairCommand: CoppiceCommand {
  static let writesCheckpoints = true

  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "Write a repaired copy of a damaged checkpoint.",
    discussion: """
      Rebuilds a tree.json that is lost, damaged or doesn't fit its HDF5 files from these files, and \
      a lost or damaged coppice.json from the directories. Damaged or missing array data can't be \
      restored: then the command writes nothing. It never changes the damaged checkpoint; the copy \
      shares unchanged HDF5 files with it, as hard links where possible.

      Exit status: 0 repaired (with --dry-run: it could be), 1 nothing to repair, or not \
      recoverable, 2 could not tell.
      """)

  @Argument(help: "The damaged checkpoint.", completion: .file())
  var path: String

  @Argument(
    help: "The path of the copy, which must not exist. Default: PATH.repaired.",
    completion: .file())
  var target: String?

  @Flag(help: "Write nothing; print what would be done.")
  var dryRun = false

  @Flag(help: "Don't wait until the result is on stable storage.")
  var notDurable = false

  @Flag(help: "Follow symbolic links that lead out of the checkpoint.")
  var followSymlinks = false

  @OptionGroup var format: JSONFlag
  @OptionGroup var quietness: QuietFlag

  func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
    var opening = OpeningOptions.standard
    opening.followsSymlinks = followSymlinks
    let progress = ProgressReporter(monitor, title: "reading")
    defer { progress.finish() }
    let result = try await Checkpoint.repair(
      at: FilePath(path), to: dryRun ? nil : FilePath(targetPath), opening: opening,
      durability: notDurable ? .buffered : .durable, monitor: monitor)
    progress.finish()
    if format.json {
      try Terminal.print(JSONText.encode(describe(result)))
    } else if result.isRecoverable {
      try Terminal.printSummary(text(result))
    } else {
      try Terminal.print(text(result) + "\n")
    }
    if !result.isRecoverable { throw ExitStatus.no }
  }

  private var targetPath: String {
    if let target { return target }
    var stem = path[...]
    while stem.utf8.count > 1, stem.last == "/" { stem.removeLast() }
    return stem + ".repaired"
  }

  private func text(_ report: RepairReport) -> String {
    var table = TextTable()
    for fault in report.faults { table.append(["found", fault.inToolWords.description]) }
    for note in report.notes {
      let line = "\(note.place): \(ToolWords.tell(note.message))".printable(keepingEndsOf: 2000)
      table.append([note.kind.rawValue, line])
    }
    let verdict =
      !report.isRecoverable
      ? "can't be repaired; nothing was written"
      : dryRun ? "can be repaired; nothing was written" : "repaired as \(targetPath.printable)"
    return (table.lines + ["\(path.printable): \(verdict)"]).joined(separator: "\n")
  }

  private func describe(_ report: RepairReport) -> JSON {
    let faults = report.faults.map { fault in
      JSON.object([
        .init("code", .string(fault.code.rawValue)),
        .init("place", .string(fault.location.description)),
        .init("message", .string(ToolWords.tell(fault.message))),
      ])
    }
    let notes = report.notes.map { note in
      JSON.object([
        .init("kind", .string(note.kind.rawValue)), .init("place", .string(note.place)),
        .init("message", .string(ToolWords.tell(note.message))),
      ])
    }
    var members: [JSON.Member] = [
      .init("repairVersion", .integer(1)), .init("source", .string(path)),
      .init("recoverable", .bool(report.isRecoverable)), .init("dryRun", .bool(dryRun)),
      .init("faults", .array(faults)), .init("notes", .array(notes)),
    ]
    if report.isRecoverable, !dryRun { members.append(.init("target", .string(targetPath))) }
    return .object(members)
  }
}
