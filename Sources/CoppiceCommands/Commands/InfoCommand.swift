import ArgumentParser
import CoppiceInterop
import CoppiceModel

/// `coppice info`: a card with what a checkpoint is.
struct InfoCommand: CoppiceCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Print what a checkpoint is: format, parts, sizes, times, metadata.")

  @Argument(help: "The checkpoint.")
  var path: String

  @OptionGroup var opening: OpeningOptions
  @OptionGroup var step: StepOption
  @OptionGroup var format: JSONFlag

  func execute() throws(CoppiceError) {
    let address = CheckpointAddress(path)
    switch try step.narrow(try opening.open(address)) {
    case .checkpoint(let contents):
      let card = InfoCard(of: contents)
      Terminal.print(format.json ? try JSONText.encode(card.json) : try card.text)
    case .steps(let steps):
      Terminal.print(format.json ? try JSONText.encode(StepListing.json(steps)) : summary(steps))
    }
  }

  private func summary(_ steps: CheckpointSteps) -> String {
    var table = TextTable()
    table.append(["format", steps.format])
    table.append(["steps", String(steps.steps.count)])
    if let first = steps.steps.first, let last = steps.steps.last {
      table.append(["first, latest", "\(first.number), \(last.number)"])
    }
    return table.lines.joined(separator: "\n") + "\n"
  }
}
