import ArgumentParser
import CoppiceInterop
import CoppiceModel

/// `coppice ls`: the tree with types, shapes and sizes; no array data are read.
struct ListCommand: CoppiceCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls",
    abstract: "List what a checkpoint holds, without reading array data.")

  @Argument(help: "The checkpoint: PATH[:name[/tree/path]].")
  var path: String

  @Flag(name: .shortAndLong, help: "Show shardings and what is known of random keys as well.")
  var long = false

  @OptionGroup var opening: OpeningOptions
  @OptionGroup var step: StepOption
  @OptionGroup var format: JSONFlag

  func execute() throws(CoppiceError) {
    let address = CheckpointAddress(path)
    let input = try step.narrow(try opening.open(address))
    switch input {
    case .checkpoint(let contents):
      let listing = Listing(of: try address.select(from: contents))
      Terminal.print(format.json ? try JSONText.encode(listing.json) : listing.text(isLong: long))
    case .steps(let steps):
      if address.name != nil {
        throw CoppiceError(.usageChoice, "choose a step with --step N or --step latest")
      }
      Terminal.print(
        format.json ? try JSONText.encode(StepListing.json(steps)) : StepListing.text(steps))
    }
  }
}
