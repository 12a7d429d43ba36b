import ArgumentParser
import Coppice
import CoppiceInterop

/// `coppice ls`: lists the tree with dtypes, shapes and sizes, and reads no array data.
struct ListCommand: CoppiceCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls",
    abstract: "List the arrays, values and files of a checkpoint, or the steps of a run.",
    discussion: """
      Reads no array data. Prints keys that are integers as %#7, elements of lists as 7. What ls prints \
      can be pasted after PATH:, also what --fold prints.

      A pattern lists what matches: * stands for any characters of one name, ** for any path, ? for a \
      character, [a-z] for one of a set, {a,b} for alternatives and {0..31} for numbers, as for --select \
      of convert; a backslash takes their meaning away. Put patterns in quotes: 'PATH:state/**/kernel'.
      """)

  @Argument(
    help: "The checkpoints or runs: PATH[:name[/tree/path]], where a pattern may follow the colon.",
    completion: .file())
  var paths: [String]

  @Flag(name: .shortAndLong, help: "Also show shardings, and the kinds of random keys.")
  var long = false

  @Option(
    help: ArgumentHelp(
      "List so many levels, and of each branch below them its arrays and bytes.",
      valueName: "levels"))
  var depth: Int?

  @Flag(
    help: """
      Print siblings that are alike as one line: layers_{0..31} ×32. They have the same structure, dtypes \
      and shapes, and numbers in their names that follow one another.
      """)
  var fold = false

  @Option(help: "The order: as in the tree, by size (largest first), or by name.")
  var sort = ListingOrder.tree

  @Flag(
    name: .customLong("where"),
    help: """
      Also show where each array is stored, as far as that is known: file, offset, stored size, ratio to \
      the size of the elements, filters and dataset.
      """)
  var places = false

  @OptionGroup var opening: OpeningOptions
  @OptionGroup var step: StepOption
  @OptionGroup var format: JSONFlag
  @OptionGroup var quietness: QuietFlag

  func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
    guard depth ?? 1 >= 1 else {
      throw CoppiceError(.usageChoice, "--depth takes a number from 1 on, not \(depth ?? 0)")
    }
    if paths.count == 1 {
      let answer = try await list(paths[0])
      try Terminal.print(format.json ? JSONText.encode(answer.json) : answer.text)
      answer.warn()
      return try Faults.end(with: answer.faults)
    }
    try await listAll()
  }

  /// The answer about a path.
  private struct Answer {
    var text = ""
    var json = JSON.null
    var faults = FaultList()
    var warn: () -> Void = {}
  }

  /// Lists several paths, each under its name; a path that can't be listed doesn't hide the others.
  private func listAll() async throws(CoppiceError) {
    var reports: [JSON] = []
    var (isFaulty, isTold) = (false, true)
    for (index, path) in paths.enumerated() {
      do throws(CoppiceError) {
        let answer = try await list(path)
        reports.append(answer.json)
        if !format.json {
          try Terminal.print((index > 0 ? "\n" : "") + "\(path.printable):\n" + answer.text)
        }
        answer.warn()
        Faults.print(answer.faults)
        isFaulty = isFaulty || answer.faults.count > 0
      } catch {
        guard error.code != .operationCancelled else { throw error }
        Faults.print(error)
        if error.code.isInputFault { isFaulty = true } else { isTold = false }
        reports.append(
          .object([.init("address", .string(path)), .init("error", FaultDescription.error(error))]))
      }
    }
    if format.json { try Terminal.print(JSONText.encode(.array(reports))) }
    if isFaulty { throw ExitStatus.no }
    if !isTold { throw ExitStatus.couldNotTell }
  }

  private func list(_ path: String) async throws(CoppiceError) -> Answer {
    let address = CheckpointAddress(path)
    switch try await opening.open(address, step) {
    case .checkpoint(let contents):
      let listing = try listing(of: contents, at: address)
      // Both texts of a large listing would be one too many.
      return Answer(
        text: format.json
          ? "" : listing.text(isLong: long, hasPlaces: places, hint: hint(listing)),
        json: format.json ? listing.json(address: path) : .null, faults: listing.faults
      ) { Warnings.print(contents.allWarnings) }
    case .steps(let steps):
      try address.requireWhole()
      let table = try StepTable(of: steps)
      return Answer(
        text: table.text, json: table.json(address: path), faults: FaultList(table.faults))
    }
  }

  private func listing(
    of contents: CheckpointContents, at address: CheckpointAddress
  ) throws(CoppiceError) -> Listing {
    var listing = try Listing(of: contents, at: address, hasPlaces: places)
    if fold { listing.rows = RowFolding.fold(listing.rows) }
    if let depth { listing.limit(depth: depth) }
    listing.sort(by: sort)
    return listing
  }

  /// Returns the options that shorten a long listing, for people at a terminal.
  private func hint(_ listing: Listing) -> String {
    guard Terminal.isOutputInteractive, listing.rows.count > 100, !fold, depth == nil else {
      return ""
    }
    return "; --fold or --depth 2 shortens this"
  }
}
