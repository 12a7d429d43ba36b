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
    abstract: "Say all that is wrong with a checkpoint.",
    discussion: """
      Levels: document (JSON documents and their digests), structure (files, sizes, the arithmetic \
      of blocks), data (every stored byte). Checkpoints of other formats are read as deeply as the \
      level asks.
      """)

  @Argument(help: "The checkpoint, or a run of steps.")
  var path: String

  @Option(help: "How deep to look: document, structure or data.")
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
