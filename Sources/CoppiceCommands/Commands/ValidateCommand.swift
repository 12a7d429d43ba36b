import ArgumentParser
import Coppice
import CoppiceInterop
import CoppiceModel
import FileAccess

extension ValidationLevel: ExpressibleByArgument {}

/// `coppice validate`: all that is wrong with a checkpoint.
struct ValidateCommand: CoppiceCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check a checkpoint, or each step of a run, and list all faults.",
    discussion: """
      Level document checks JSON documents and their digests; structure also checks files, their \
      sizes and the places of blocks; data also checks every stored byte. Other formats are read to \
      the same depth.
      """)

  @Argument(help: "The checkpoint, or a run of steps.", completion: .file())
  var path: String

  @Option(help: "The depth of the check.")
  var level = ValidationLevel.data

  @OptionGroup var opening: OpeningOptions
  @OptionGroup var step: StepOption
  @OptionGroup var format: JSONFlag

  func execute(_ monitor: OperationMonitor) throws(CoppiceError) {
    let address = CheckpointAddress(path)
    let progress = ProgressReporter(monitor, title: "checking")
    defer { progress.finish() }
    let found = try PathValidation(options: opening.options, level: level, monitor: monitor)
      .run(address.path, step: try step.choice)
    progress.finish()
    let errors = found.filter { $0.severity == .error }
    if format.json {
      try Terminal.print(try JSONText.encode(describe(found)))
    } else {
      for diagnostic in found {
        try Terminal.print("\(diagnostic.severity.rawValue): \(diagnostic.fault.description)\n")
      }
      let verdict =
        errors.isEmpty ? "valid" : "invalid: \(errors.count) error\(errors.count == 1 ? "" : "s")"
      try Terminal.print("\(path.printable): \(verdict) (level \(level.rawValue))\n")
    }
    if !errors.isEmpty { throw ExitStatus.no }
  }

  private func describe(_ found: [Diagnostic]) -> JSON {
    let list = found.map { diagnostic in
      let place = diagnostic.fault.location
      var members: [JSON.Member] = [
        .init("severity", .string(diagnostic.severity.rawValue)),
        .init("level", .string(diagnostic.level.rawValue)),
        .init("code", .string(diagnostic.fault.code.rawValue)),
        .init("message", .string(diagnostic.fault.message)),
      ]
      if let file = place.file { members.append(.init("file", .string(file))) }
      if let pointer = place.pointer { members.append(.init("pointer", .string(pointer))) }
      if let path = place.treePath { members.append(.init("treePath", .string(path))) }
      if let offset = place.offset { members.append(.init("offset", .integer(offset))) }
      return JSON.object(members)
    }
    let isValid = found.allSatisfy { $0.severity == .warning }
    return .object([
      .init("validateVersion", .integer(1)), .init("valid", .bool(isValid)),
      .init("level", .string(level.rawValue)), .init("diagnostics", .array(list)),
    ])
  }
}
