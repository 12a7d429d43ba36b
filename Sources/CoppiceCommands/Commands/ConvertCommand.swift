import ArgumentParser
import Coppice
import CoppiceInterop
import SystemPackage

/// `coppice convert`: converts a checkpoint to another format.
struct ConvertCommand: CoppiceCommand {
  static let writesCheckpoints = true
  static let dividesWork = true

  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert a checkpoint, or a run of steps, to another format.",
    discussion: """
      The target appears whole or not at all. Memory stays below 400 MiB and 1 KiB for each leaf, whatever the size of the \
      checkpoint. Notes on standard error say what the target's format can't keep; notes that are alike \
      are counted. Of a run, --step 100..200 converts the steps from 100 to 200.

      Processes that mpirun starts divide the arrays among them, if the tool is built with MPI and the \
      format is \(OutputFormat.dividedNames); one of them writes any other format.
      """)

  @Argument(
    help: "The checkpoint: PATH[:name[/tree/path]]. A node becomes the root of the result.",
    completion: .file())
  var source: String

  @Argument(
    help: "The path of the result, which must not exist without --replace.",
    completion: .file())
  var target: String

  @Option(
    help: ArgumentHelp(
      "The format to write: \(OutputFormat.names). Default: by the target's name.",
      valueName: "format"),
    completion: .formats)
  var to: String?

  @Option(
    help: ArgumentHelp(
      "Keep only leaves whose path matches. May be given several times.", valueName: "glob"))
  var select: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      Cast the arrays whose path matches, whatever their type. Of several, the first that matches counts: \
      **/step=int64 before **=bfloat16 keeps a counter.
      """, valueName: "glob=dtype"),
    completion: .casts)
  var cast: [String] = []

  @Option(
    help: ArgumentHelp(
      "The loss that casts may cause: exact (none), rounding, or lossy (any).",
      valueName: "mode"),
    completion: .castModes)
  var castMode = CastMode.rounding.rawValue

  @Option(
    help: ArgumentHelp(
      """
      Move a node, with paths as ls prints them, or all nodes that match a pattern. May be given several \
      times.
      """,
      discussion: """
        An OLD with *, ?, [ or { is a pattern as for --select, and {1} in NEW stands for what its first \
        wildcard matches, {2} for the second: 'encoder/layers/*/attn/**=blocks/{1}/attention/{2}'. From left \
        to right, each takes as little as it can. 'module.*={1}' takes away a prefix, '*=model.{1}' adds \
        one, '**=model/{1}' adds a level. A pattern that ends in ** moves what lies below one by one. Two nodes with \
        one new path are refused. Before such a character of a name, write \\.
        """,
      valueName: "old=new"))
  var rename: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      The compression: none, zstd, gzip, zstd:LEVEL or gzip:LEVEL. Default: as the format's own library \
      does. Orbax's formats and Coppice's have zstd; hdf5 has gzip, which every HDF5 tool reads. Plain \
      HDF5 tools need hdf5plugin for Coppice's arrays in zstd.
      """, valueName: "compression"),
    completion: .compressions)
  var compress: String?

  @Option(help: "The checkpointable to convert, where there are several.")
  var name: String?

  @Option(
    help: ArgumentHelp(
      """
      The largest size of a file with array data, such as 4GiB. Notes name arrays that alone are larger and \
      can't be divided.
      """, valueName: "size"))
  var maxFileSize: String?

  @OptionGroup var division: DivisionOptions

  @Option(help: "The layout, where the format has several.", completion: .layouts)
  var layout: String?

  @Flag(help: "Take bools other than 0 and 1 as true, as NumPy does; otherwise they are refused.")
  var normalizeBools = false

  @Flag(
    help: """
      Write nothing where anything can't be kept exactly, or the source has a warning. What other options \
      ask for counts as kept.
      """)
  var strict = false

  @Flag(help: "Write nothing; print what would be written and what would be lost.")
  var dryRun = false

  @Flag(help: "Give every leaf its own HDF5 dataset, however small.")
  var noPack = false

  @Flag(help: "Leave out and name what is damaged; convert the rest.")
  var salvage = false

  @Flag(help: "Leave out and name what can't be represented; convert the rest.")
  var skipUnsupported = false

  @Flag(help: "Replace an existing target: a file of the same format, or a checkpoint.")
  var replace = false

  @Flag(help: "Don't wait until the result is on stable storage.")
  var notDurable = false

  @OptionGroup var surgery: TransformOption
  @OptionGroup var opening: OpeningOptions
  @OptionGroup var step: StepOption
  @OptionGroup var format: JSONFlag
  @OptionGroup var verbosity: VerboseFlag
  @OptionGroup var quietness: QuietFlag

  func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
    let address = CheckpointAddress(source)
    let options = try await ToolGroup.onAll("convert/options") { () throws(CoppiceError) in
      try await makeOptions(address)
    }
    guard dryRun else { return try await execute(address, options, monitor) }
    try await ToolGroup.onFirst("convert/plan") { () throws(CoppiceError) in
      try await execute(address, options, monitor)
    }
  }

  private func execute(
    _ address: CheckpointAddress, _ options: ConversionOptions, _ monitor: OperationMonitor
  ) async throws(CoppiceError) {
    var options = options
    let input: CheckpointInput
    let report: ConversionReport
    if dryRun {
      input = try await open(address.path, &options)
    } else {
      input = try await ToolGroup.onAll("convert/source") { () throws(CoppiceError) in
        try await open(address.path, &options)
      }
    }
    let start = ContinuousClock.now
    let progress = ProgressReporter(monitor, title: dryRun ? "reading" : "converting")
    defer { progress.finish() }
    do throws(CoppiceError) {
      if dryRun {
        report = try await Checkpoint.conversionPlan(
          input, to: FilePath(target), options: options, monitor: monitor)
      } else if let group = ToolGroup.ofSeveral {
        report = try await Checkpoint.convert(
          input, to: FilePath(target), options: options, group: group,
          waitLimit: ToolGroup.waitLimit, monitor: monitor)
      } else {
        report = try await Checkpoint.convert(
          input, to: FilePath(target), options: options, monitor: monitor)
      }
      progress.finish()
    } catch {
      progress.finish()
      guard let advice = Self.advice(on: error, options) else { throw error }
      Faults.print(error, asJSON: format.json)
      Terminal.printMessage(.error, "nothing was written; \(advice)")
      throw ExitStatus.no
    }
    let description = ConversionDescription(
      report: report, options: options, target: target,
      duration: dryRun ? nil : ContinuousClock.now - start)
    if format.json { return try Terminal.print(JSONText.encode(description.json)) }
    if dryRun { for line in description.lines { try Terminal.print(line + "\n") } }
    NoteList(report.notes).print(isVerbose: verbosity.verbose)
    if !dryRun {
      try Terminal.printSummary(
        ([description.summary] + description.findings).joined(separator: "\n"))
    }
  }

  /// Returns the option that converts the undamaged rest, unless it is already given.
  private static func advice(on error: CoppiceError, _ options: ConversionOptions) -> String? {
    guard !options.salvages, error.isDamage else { return nil }
    if error.faults.allSatisfy(\.isOfUnsupportedLeaf) {
      return !options.skipsUnsupported
        ? "--skip-unsupported leaves out what can't be converted" : nil
    }
    let isOfName = error.faults.allSatisfy {
      $0.code.rawValue.hasSuffix("-collision") || $0.code.rawValue.hasSuffix(".reserved-name")
    }
    if isOfName { return "--rename gives nodes other names, and --drop leaves them out" }
    if error.faults.allSatisfy({ $0.code == .arraysBadShape }) { return "--drop leaves nodes out" }
    return "--salvage leaves out what is damaged and converts the rest"
  }

  /// Opens the source, or the chosen step of a run.
  ///
  /// Only single checkpoints are salvaged: a run leaves out whole steps.
  private func open(
    _ path: FilePath, _ options: inout ConversionOptions
  ) async throws(CoppiceError) -> CheckpointInput {
    var opening = options.opening
    opening.salvages = salvage
    var input: CheckpointInput
    do throws(CoppiceError) {
      input = try await CheckpointInput.open(path, step: options.step, opening: opening)
    } catch {
      var error = error
      if !salvage, error.code.rawValue.hasSuffix(".truncated-data") {
        error.message += ", or give --salvage to leave out what it lacks"
      }
      throw error
    }
    options.step = nil
    guard case .steps(let run) = input else { return input }
    if salvage {
      input = try await CheckpointInput.open(path, step: try step.choice, opening: options.opening)
    }
    Warnings.print(run.warnings)
    return input
  }

  private func makeOptions(
    _ address: CheckpointAddress
  ) async throws(CoppiceError) -> ConversionOptions {
    var options = ConversionOptions()
    options.format = try OutputFormat(named: to, forTarget: target)
    options.opening = opening.options
    options.layout = layout
    options.isStrict = strict
    options.boolValues = normalizeBools ? .normalize : .refuse
    options.step = try step.choice
    for pattern in select {
      options.transform.selection.append(try TransformOption.pattern(pattern, "--select"))
    }
    for rule in cast {
      let (glob, name) = try Self.split(rule, "--cast takes GLOB=DTYPE")
      guard let dtype = DType(rawValue: name) else {
        let names = DType.allCases.map(\.rawValue).joined(separator: ", ")
        let near = NearMiss.hint(for: name, among: DType.allCases.map(\.rawValue))
        throw CoppiceError(
          .usageChoice, "\"\(name)\" is no element type; there are \(names)\(near)")
      }
      options.transform.casts.append((try PathGlob(glob), dtype))
    }
    for rule in rename {
      let (old, new) = try Self.split(rule, "--rename takes OLD=NEW")
      options.transform.renamings.append(try TreeRenaming(rule: old, to: new))
    }
    options.transform.steps = try await surgery.steps(opening.options)
    guard let mode = CastMode(rawValue: castMode) else {
      let names = CastMode.allCases.map(\.rawValue).joined(separator: ", ")
      let near = NearMiss.hint(for: castMode, among: CastMode.allCases.map(\.rawValue))
      throw CoppiceError(
        .usageChoice, "\"\(castMode)\" is no cast mode; there are \(names)\(near)")
    }
    options.transform.castMode = mode
    guard name == nil || address.isWhole else {
      throw CoppiceError(
        .usageChoice, "the address names what to convert already; leave --name out")
    }
    options.components = name.map { [$0] } ?? address.components
    options.salvages = salvage
    options.skipsUnsupported = skipUnsupported
    options.replacesExisting = replace
    options.durability = notDurable ? .buffered : .durable
    options.compression = try compressionChoice()
    options.packsSmallArrays = !noPack
    try division.apply(to: &options)
    if let maxFileSize {
      guard let bytes = ByteCount.parse(maxFileSize), bytes > 0 else {
        throw CoppiceError(.usageChoice, "--max-file-size takes a size such as 4GiB")
      }
      options.maximumFileBytes = bytes
    }
    return options
  }

  private func compressionChoice() throws(CoppiceError) -> CompressionChoice? {
    guard let compress else { return nil }
    if compress == "none" { return CompressionChoice.uncompressed }
    let parts = compress.split(separator: ":", omittingEmptySubsequences: false)
    let level = parts.count == 2 ? Int(parts[1]) : nil
    switch (parts.first, parts.count == 1 ? 1 : level ?? 0) {
    case ("zstd"?, 1...22): return .zstd(level: level)
    case ("gzip"?, 1...9): return .gzip(level: level)
    default:
      throw CoppiceError(
        .usageChoice,
        "--compress takes none, zstd, gzip, zstd:LEVEL with a level from 1 to 22, or gzip:LEVEL with one from 1 to 9"
      )
    }
  }

  /// Splits at the last `=`: patterns contain a `=` more often than dtypes and new names do.
  static func split(
    _ rule: String, _ usage: String
  ) throws(CoppiceError) -> (String, String) {
    guard let sign = rule.lastIndex(of: "="), sign > rule.startIndex,
      rule.index(after: sign) < rule.endIndex
    else { throw CoppiceError(.usageChoice, usage) }
    return (String(rule[..<sign]), String(rule[rule.index(after: sign)...]))
  }
}
