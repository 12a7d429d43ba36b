import ArgumentParser
import Coppice
import CoppiceConformance
import CoppiceInterop
import CoppiceModel
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

  func execute(_ monitor: OperationMonitor) throws(CoppiceError) {
    let address = CheckpointAddress(path)
    let progress = ProgressReporter(monitor, title: "reading")
    defer { progress.finish() }
    let input = try step.narrow(try opening.open(address))
    let faults = Mutex<[CoppiceError]>([])
    let builder = DumpBuilder(monitor: monitor) { fault in faults.withLock { $0.append(fault) } }
    let json = try builder.describe(input) { (contents) throws(CoppiceError) in
      try representable(try address.select(from: contents), monitor)
    } warn: {
      Warnings.print($0)
    }
    let text = format.json ? try JSONText.encode(json) : try DumpText.lines(json)
    progress.finish()
    try Terminal.print(text)
    try Faults.end(with: faults.withLock(\.self))
  }

  private func representable(
    _ contents: CheckpointContents, _ monitor: OperationMonitor
  ) throws(CoppiceError) -> CheckpointContents {
    guard skipUnsupported else { return contents }
    let (rest, omissions) = try Salvage.run(contents, scope: .unsupported, monitor: monitor)
    Warnings.print(omissions.map(ConversionNote.init))
    return rest
  }
}
