import ArgumentParser
import Coppice
import CoppiceInterop

/// `coppice info`: prints a summary of a checkpoint.
struct InfoCommand: CoppiceCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Print the format, checkpointables, sizes, times and metadata of a checkpoint or run."
  )

  @Argument(help: "The checkpoint: PATH[:name[/tree/path]].", completion: .file())
  var path: String

  @OptionGroup var opening: OpeningOptions
  @OptionGroup var step: StepOption
  @OptionGroup var format: JSONFlag
  @OptionGroup var quietness: QuietFlag

  func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
    let address = CheckpointAddress(path)
    switch try await opening.open(address, step) {
    case .checkpoint(let contents):
      let card = try InfoCard(of: contents, at: address)
      try Terminal.print(format.json ? JSONText.encode(card.json) : try card.text)
      Warnings.print(contents.allWarnings)
      try Faults.end(with: card.faults)
    case .steps(let steps):
      try address.requireWhole()
      let listing = try StepTable(of: steps)
      try Terminal.print(
        format.json ? JSONText.encode(listing.json(address: path)) : summary(steps, listing))
      try Faults.end(with: listing.faults)
    }
  }

  private func summary(_ steps: CheckpointRun, _ listing: StepTable) -> String {
    var table = TextTable()
    table.append(["format", steps.format])
    table.append(["steps", String(steps.steps.count)])
    if !listing.faults.isEmpty { table.append(["faulty", String(listing.faults.count)]) }
    if let first = steps.steps.first, let last = steps.steps.last {
      table.append(["first, latest", "\(first.number), \(last.number)"])
    }
    if let bytes = listing.byteCount { table.append(["size", ByteCount.text(bytes)]) }
    let text = table.lines.joined(separator: "\n") + "\n"
    return text + (steps.rootMetadata.map { "metadata " + JSONText.encode($0) } ?? "")
  }
}
