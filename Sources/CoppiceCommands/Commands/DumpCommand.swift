import ArgumentParser
import CoppiceConformance
import CoppiceInterop
import CoppiceModel

/// `coppice dump`: everything that a checkpoint holds, with the digest of each array.
struct DumpCommand: CoppiceCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump",
    abstract: "Print everything that a checkpoint holds, with a digest of each array.",
    discussion: "With --json: the canonical description that conformance tests compare.")

  @Argument(help: "The checkpoint: PATH[:name[/tree/path]].")
  var path: String

  @OptionGroup var opening: OpeningOptions
  @OptionGroup var step: StepOption
  @OptionGroup var format: JSONFlag

  func execute() throws(CoppiceError) {
    let address = CheckpointAddress(path)
    let monitor = OperationMonitor()
    let progress = ProgressReporter(monitor, title: "reading")
    defer { progress.finish() }
    let input = try step.narrow(try opening.open(address))
    let json = try DumpBuilder(monitor: monitor).describe(input) {
      (contents) throws(CoppiceError) in
      if case .steps = input { Warnings.print(contents.warnings) }
      return try address.select(from: contents)
    }
    let text = format.json ? try JSONText.encode(json) : try DumpText.lines(json)
    progress.finish()
    Terminal.print(text)
  }
}
