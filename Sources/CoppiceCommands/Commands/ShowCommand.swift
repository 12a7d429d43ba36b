import ArgumentParser
import Coppice
import CoppiceInterop

/// `coppice show`: prints the values of arrays, texts, documents and files.
struct ShowCommand: CoppiceCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print the values of arrays, as NumPy does, and of texts and documents.",
    discussion: """
      Of an array of more than 1000 elements, reads and prints the ends of each dimension, unless --full \
      is given. --slice reads the part alone. --json, --csv and --npy have all elements, whatever the \
      size. Of a branch, prints up to 100 values, each below its path.
      """)

  @Argument(help: "The checkpoint: PATH[:name[/tree/path]].", completion: .file())
  var path: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The part of the array, as in NumPy: '0:3, :, -1', '::2', '..., 5'.", valueName: "slice"))
  var slice: String?

  @Option(
    help: ArgumentHelp(
      "The most digits after the decimal point of floats in text.", valueName: "number"))
  var precision = 8

  @Flag(help: "Print all elements, values and nodes.")
  var full = false

  @Flag(help: "Print an array of at most two dimensions as lines of values with commas.")
  var csv = false

  @Flag(help: "Write an array as the bytes of a .npy file to standard output.")
  var npy = false

  @OptionGroup var opening: OpeningOptions
  @OptionGroup var step: StepOption
  @OptionGroup var format: JSONFlag

  func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
    guard [csv, npy, format.json].count(where: { $0 }) <= 1 else {
      throw CoppiceError(.usageChoice, "choose one of --csv, --npy and --json")
    }
    guard (0...100).contains(precision) else {
      throw CoppiceError(.usageChoice, "--precision takes a number from 0 to 100, not \(precision)")
    }
    let selection = try slice.map { (text) throws(CoppiceError) in try ArraySelection(text) }
    let address = CheckpointAddress(path)
    guard case .checkpoint(let contents) = try await opening.open(address, step) else {
      throw CoppiceError(
        .usageChoice, "this is a run; choose a step with --step N or --step latest",
        at: .init(file: address.path.string))
    }
    var nodes = try ShownNode.all(of: contents, at: address)
    if let selection { nodes = try select(selection, in: nodes) }
    let faults = try write(nodes, monitor)
    Warnings.print(contents.allWarnings)
    try Faults.end(with: faults)
  }

  private func write(
    _ nodes: [ShownNode], _ monitor: OperationMonitor
  ) throws(CoppiceError) -> [CoppiceError] {
    let output = { (text: String) throws(CoppiceError) in
      try monitor.advance(bytes: 0)
      try Terminal.print(text)
    }
    if format.json { return try ShownJSON(output: output).write(nodes) }
    if csv {
      try writeCSV(nodes, to: output)
      return []
    }
    if npy {
      try writeNpy(nodes, monitor)
      return []
    }
    var options = ArrayTextOptions()
    options.precision = precision
    options.threshold = full ? nil : options.threshold
    options.lineWidth = Terminal.width ?? options.lineWidth
    return try ShownText(options: options, isFull: full, output: output).write(nodes)
  }

  /// Returns the only array of the nodes, of which a part is taken or which is written alone.
  private func only(_ nodes: [ShownNode], for option: String) throws(CoppiceError) -> ShownNode {
    guard nodes.count == 1 else {
      throw CoppiceError(
        .usageChoice,
        "\(option) takes one array, but there are \(nodes.count) values here; name one of them: "
          + "PATH:name/tree/path")
    }
    if case .fault(let fault) = nodes[0].content { throw fault.error }
    return nodes[0]
  }

  private func select(
    _ selection: ArraySelection, in nodes: [ShownNode]
  ) throws(CoppiceError) -> [ShownNode] {
    var node = try only(nodes, for: "--slice")
    guard case .array(let source) = node.content else {
      throw CoppiceError(
        .usageChoice, "--slice takes a part of an array, but this is another value")
    }
    node.content = .array(try source.selecting(selection))
    return [node]
  }

  private func writeCSV(
    _ nodes: [ShownNode], to output: (String) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard case .array(let source) = try only(nodes, for: "--csv").content, source.shape.rank <= 2
    else {
      throw CoppiceError(
        .usageChoice,
        "--csv takes an array of at most two dimensions; take a part of it with --slice, or give "
          + "--json")
    }
    try source.write(.csv(source.shape), { element, _ in element }, to: output)
    if source.shape.elementCount > 0 { try output("\n") }
  }

  private func writeNpy(
    _ nodes: [ShownNode], _ monitor: OperationMonitor
  ) throws(CoppiceError) {
    let file: NumPyFile
    switch try only(nodes, for: "--npy").content {
    case .array(let source): file = try NumPyFile(of: source)
    case .value(.stringArray(let texts)): file = try NumPyFile(of: texts)
    default: throw CoppiceError(.usageChoice, "--npy takes an array, but this is another value")
    }
    try file.write(monitor: monitor) { (bytes) throws(CoppiceError) in
      try Terminal.write(bytes)
    }
    NoteList([file.note].compactMap(\.self)).print(isVerbose: true)
  }
}
