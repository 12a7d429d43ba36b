import ArgumentParser
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
    let builder = DumpBuilder(monitor: monitor)
    var members: [JSON.Member] = [.init("dumpVersion", .integer(DumpBuilder.version))]
    switch input {
    case .checkpoint(let contents):
      members.append(.init("format", .string(contents.format)))
      members += try builder.describe(try address.select(from: contents))
    case .steps(let steps):
      members.append(.init("format", .string(steps.format)))
      members += try describe(steps, builder, address)
    }
    let json = JSON.object(members)
    let text = format.json ? try JSONText.encode(json) : try DumpText.lines(json)
    progress.finish()
    Terminal.print(text)
  }

  private func describe(
    _ steps: CheckpointSteps, _ builder: DumpBuilder, _ address: CheckpointAddress
  ) throws(CoppiceError) -> [JSON.Member] {
    var described: [JSON.Member] = []
    for step in steps.steps {
      let opened = try step.open()
      Warnings.print(opened.warnings)
      let contents = try address.select(from: opened)
      described.append(
        .init(
          String(step.number),
          .object([.init("dir", .string(step.name))] + (try builder.describe(contents)))))
    }
    var members: [JSON.Member] = [.init("steps", .object(described))]
    if let latest = steps.steps.last {
      members.append(.init("latestStep", .integer(latest.number)))
    }
    if let metadata = steps.rootMetadata { members.append(.init("rootMetadata", metadata)) }
    return members
  }
}
