import ArgumentParser
import Coppice
import CoppiceInterop

/// `coppice info`: prints a summary of a checkpoint.
struct InfoCommand: CoppiceCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Print the format, checkpointables, sizes, times and metadata of a checkpoint.")

  @Argument(help: "The checkpoint: PATH[:name[/tree/path]].", completion: .file())
  var path: String

  @OptionGroup var opening: OpeningOptions
  @OptionGroup var step: StepOption
  @OptionGroup var format: JSONFlag

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
        format.json ? JSONText.encode(listing.json) : summary(steps, listing.faults.count))
      try Faults.end(with: listing.faults)
    }
  }

  private func summary(_ steps: CheckpointRun, _ faultyCount: Int) -> String {
    var table = TextTable()
    table.append(["format", steps.format])
    table.append(["steps", String(steps.steps.count)])
    if faultyCount > 0 { table.append(["faulty", String(faultyCount)]) }
    if let first = steps.steps.first, let last = steps.steps.last {
      table.append(["first, latest", "\(first.number), \(last.number)"])
    }
    return table.lines.joined(separator: "\n") + "\n"
  }
}
