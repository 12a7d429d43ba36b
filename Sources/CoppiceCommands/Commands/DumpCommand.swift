import ArgumentParser
import Coppice
import CoppiceConformance
import CoppiceInterop
import Synchronization

/// `coppice dump`: prints everything in a checkpoint, with the digest of each array.
struct DumpCommand: CoppiceCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump",
    abstract: "Print everything in a checkpoint, with a digest of each array.",
    discussion: "With --json, prints the canonical description that conformance tests compare.")

  @Argument(help: "The checkpoint: PATH[:name[/tree/path]].", completion: .file())
  var path: String

  @Flag(help: "Leave out what no array can represent, with a note each; otherwise it is a fault.")
  var skipUnsupported = false

  @OptionGroup var opening: OpeningOptions
  @OptionGroup var step: StepOption
  @OptionGroup var format: JSONFlag
  @OptionGroup var quietness: QuietFlag

  func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
    let progress = ProgressReporter(monitor, title: "reading")
    defer { progress.finish() }
    var options = opening.options
    options.skipsUnsupported = skipUnsupported
    options.onOmission = { Terminal.printMessage(.note, ConversionNote($0).description) }
    let faults = Mutex<[CoppiceError]>([])
    let json = try await Checkpoint.dump(
      path, step: try step.choice, opening: options, monitor: monitor
    ) { fault in
      faults.withLock { $0.append(fault) }
    }
    let text = format.json ? JSONText.encode(json) : try DumpText.lines(json)
    progress.finish()
    try Terminal.print(text)
    try Faults.end(with: faults.withLock(\.self))
  }
}
