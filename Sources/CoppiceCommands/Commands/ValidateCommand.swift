public import ArgumentParser
import Coppice
import CoppiceInterop
public import CoppiceMaintenance

extension ValidationLevel: @retroactive ExpressibleByArgument {}

/// `coppice validate`: lists all faults of a checkpoint.
struct ValidateCommand: CoppiceCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check a checkpoint, or each step of a run, and list all faults.",
    discussion: """
      Level document checks JSON documents and their digests; structure also checks files, their \
      sizes and the places of blocks; data also checks every stored byte. Other formats are read to \
      the same depth; "readable" says that all could be read, in a format without digests of its data.

      Exit status: 0 all are valid or readable, 1 some are invalid, 2 could not tell.
      """)

  @Argument(help: "The checkpoints, or runs of steps.", completion: .file())
  var paths: [String]

  @Option(help: "The depth of the check.")
  var level = ValidationLevel.data

  @OptionGroup var opening: OpeningOptions
  @OptionGroup var step: StepOption
  @OptionGroup var format: JSONFlag
  @OptionGroup var quietness: QuietFlag

  func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
    let progress = ProgressReporter(monitor, title: "checking")
    defer { progress.finish() }
    var reports: [JSON] = []
    var (areValid, areTold) = (true, true)
    for path in paths {
      do throws(CoppiceError) {
        let findings = try await Checkpoint.validate(
          at: CheckpointAddress(path).path, level: level, step: try step.choice,
          opening: opening.options, monitor: monitor)
        areValid = areValid && findings.isValid
        if format.json {
          reports.append(describe(findings, path))
        } else {
          progress.finish()
          try print(findings, path)
        }
      } catch {
        guard paths.count > 1, error.code != .operationCancelled else { throw error }
        progress.finish()
        Faults.print(error)
        areTold = false
        reports.append(
          .object([.init("path", .string(path)), .init("error", FaultDescription.error(error))]))
      }
    }
    progress.finish()
    if format.json {
      try Terminal.print(JSONText.encode(paths.count == 1 ? reports[0] : .array(reports)))
    }
    if !areValid { throw ExitStatus.no }
    if !areTold { throw ExitStatus.couldNotTell }
  }

  /// Prints the findings and the verdict; if the command is quiet, only those that are errors.
  private func print(_ findings: ValidationReport, _ path: String) throws(CoppiceError) {
    guard !quietness.quiet || !findings.isValid else { return }
    let shown = findings.diagnostics.filter { $0.severity == .error || !quietness.quiet }
    try Terminal.print(text(shown, findings, path))
  }

  private func text(
    _ shown: [Diagnostic], _ findings: ValidationReport, _ path: String
  ) -> String {
    let groups = Faults.lines(of: shown.map(\.fault)) { shown[$0].severity != .error }
    var lines = groups.map { "\(shown[$0.first].severity.rawValue): \($0.text)" }
    let errors = findings.diagnostics.count { $0.severity == .error }
    let verdict: String
    if errors > 0 {
      verdict = "invalid: \(errors) error\(errors == 1 ? "" : "s")"
    } else if findings.hasDigests {
      verdict = "valid"
    } else {
      let read = level == .data ? "every array was read" : "no array was read"
      verdict = "readable: \(read); this format has no digests of its data"
    }
    lines.append("\(path.printable): \(verdict) (level \(level.rawValue))")
    return lines.joined(separator: "\n") + "\n"
  }

  private func describe(_ findings: ValidationReport, _ path: String) -> JSON {
    let list = findings.diagnostics.map { diagnostic in
      let place = diagnostic.fault.location
      var members: [JSON.Member] = [
        .init("severity", .string(diagnostic.severity.rawValue)),
        .init("level", .string(diagnostic.level.rawValue)),
        .init("code", .string(diagnostic.fault.code.rawValue)),
        .init("message", .string(ToolWords.tell(diagnostic.fault.message))),
      ]
      if let file = place.file { members.append(.init("file", .string(file))) }
      if let pointer = place.pointer { members.append(.init("pointer", .string(pointer))) }
      if let path = place.treePath { members.append(.init("treePath", .string(path))) }
      if let offset = place.offset { members.append(.init("offset", .integer(offset))) }
      return JSON.object(members)
    }
    let isVerified = findings.isValid && findings.hasDigests && level == .data
    return .object([
      .init("validateVersion", .integer(1)), .init("path", .string(path)),
      .init("valid", .bool(findings.isValid)), .init("verified", .bool(isVerified)),
      .init("level", .string(level.rawValue)), .init("diagnostics", .array(list)),
    ])
  }
}
