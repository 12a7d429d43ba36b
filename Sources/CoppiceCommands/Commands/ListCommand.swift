import ArgumentParser
import Coppice
import CoppiceInterop

/// `coppice ls`: lists the tree with dtypes, shapes and sizes, and reads no array data.
struct ListCommand: CoppiceCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls",
    abstract: "List the arrays, values and files of a checkpoint, or the steps of a run.",
    discussion: "Reads no array data. Prints keys that are integers as %#7, elements of lists as 7."
  )

  @Argument(help: "The checkpoint: PATH[:name[/tree/path]].", completion: .file())
  var path: String

  @Flag(name: .shortAndLong, help: "Also show shardings, and the kinds of random keys.")
  var long = false

  @OptionGroup var opening: OpeningOptions
  @OptionGroup var step: StepOption
  @OptionGroup var format: JSONFlag
  @OptionGroup var quietness: QuietFlag

  func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
    let address = CheckpointAddress(path)
    switch try await opening.open(address, step) {
    case .checkpoint(let contents):
      let listing = try Listing(of: contents, at: address)
      try Terminal.print(
        format.json ? JSONText.encode(listing.json) : listing.text(isLong: long))
      Warnings.print(contents.allWarnings)
      try Faults.end(with: listing.faults)
    case .steps(let steps):
      try address.requireWhole()
      let listing = try StepTable(of: steps)
      try Terminal.print(format.json ? JSONText.encode(listing.json) : listing.text)
      try Faults.end(with: listing.faults)
    }
  }
}
