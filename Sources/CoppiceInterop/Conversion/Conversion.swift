import Coppice
import CoppiceFiles
package import CoppiceModel
package import SystemPackage

/// A conversion of a checkpoint from any readable format to any writable one.
///
/// Array data are streamed: memory is limited to the writer's pieces and the readers' working
/// memory (`ReadLimits.workingMemory`), whatever the size of the checkpoint.
package struct Conversion: Sendable {
  let options: ConversionOptions
  let output: OutputOptions
  let warn: @Sendable ([CoppiceError]) -> Void
  var report = ConversionReport()
  /// The warnings of a run as a whole, which say what in it is no step.
  private var runWarnings: [CoppiceError] = []

  private var format: any FormatWriter { options.format.writer }

  init(
    _ options: ConversionOptions, _ warn: @escaping @Sendable ([CoppiceError]) -> Void
  ) throws(CoppiceError) {
    self.options = options.boolValues == .normalize ? options.normalizingMerged : options
    self.output = options.output
    self.warn = warn
    try options.format.abilities.check(output, for: options.format.name)
  }

  /// Converts a checkpoint or run.
  ///
  /// - Parameter warn: Receives the warnings of each checkpoint that is opened.
  /// - Returns: Notes about everything that could not be carried over exactly.
  /// - Throws: `usage.*`, `operation.*`, `io.*`, `conversion.inexact`, and the errors of readers
  ///   and writers; see `Replacement` for targets that are never replaced. After an error the
  ///   target is unchanged.
  @discardableResult
  package static func run(
    _ input: CheckpointInput, to target: FilePath, options: ConversionOptions,
    monitor: OperationMonitor, warn: @escaping @Sendable ([CoppiceError]) -> Void = { _ in }
  ) throws(CoppiceError) -> ConversionReport {
    var conversion = try Conversion(options, warn)
    let narrowed = try conversion.narrow(input)
    try conversion.check(target, narrowed)
    switch narrowed {
    case .checkpoint(let contents): try conversion.write(contents, to: target, monitor)
    case .steps(let steps): try conversion.write(steps, to: target, monitor)
    }
    return conversion.report
  }

  /// Returns the plan of a conversion; array data are read only to find what can be salvaged.
  ///
  /// - Throws: The errors of `run` that can be known without writing.
  package static func plan(
    _ input: CheckpointInput, to target: FilePath? = nil, options: ConversionOptions,
    monitor: OperationMonitor = OperationMonitor(),
    warn: @escaping @Sendable ([CoppiceError]) -> Void = { _ in }
  ) throws(CoppiceError) -> ConversionReport {
    var conversion = try Conversion(options, warn)
    let narrowed = try conversion.narrow(input)
    if let target { try conversion.check(target, narrowed) }
    switch narrowed {
    case .checkpoint(let contents):
      conversion.note(try conversion.plan(contents, monitor: monitor), name: "", step: nil)
      warn(contents.allWarnings)
    case .steps(let steps):
      let run = try conversion.planRun(steps)
      conversion.report.add(run.notes)
      try conversion.forEachStep(of: steps, monitor) { (conversion, step, plan) in
        conversion.note(plan, name: run.stepName(step.number), step: step.number)
      }
    }
    try conversion.checkStrictness()
    return conversion.report
  }

  /// Returns the chosen step's checkpoint, or the input when no step was chosen.
  mutating func narrow(_ input: CheckpointInput) throws(CoppiceError) -> CheckpointInput {
    // The number of a checkpoint that is a step may be repeated.
    if case .checkpoint(let contents) = input, let step = contents.step,
      options.step == .number(step)
    {
      return input
    }
    var opening = options.opening
    opening.onWarning = { [warn] in warn([$0]) }
    let narrowed = try input.narrowed(to: options.step, opening)
    if case .steps(let run) = narrowed { runWarnings = run.warnings }
    return narrowed
  }

  /// Checks that the result may take the target's name, before anything is read or written.
  mutating func check(
    _ target: FilePath, _ input: CheckpointInput
  ) throws(CoppiceError) {
    try target.requireNoAddress()
    let source =
      switch input {
      case .checkpoint(let contents): contents.sourcePath
      case .steps(let steps): steps.sourcePath
      }
    guard options.writing.isReplacing || !StagedOutput.exists(target) else {
      throw StagedOutput.alreadyExists(target)
    }
    try Replacement.checkPlace(target, source: source.map { FilePath($0) })
    report.replaced = try Replacement.check(target, by: format.name, options: options.opening)
      .map { .init(format: $0.format, isDirectory: $0.isDirectory) }
  }

  func open(_ step: CheckpointRun.Step) throws(CoppiceError) -> CheckpointContents {
    var contents = try step.open()
    contents.step = contents.step ?? step.number
    return contents
  }

  mutating func plan(
    _ contents: CheckpointContents, search: Salvage.Search = .whole, monitor: OperationMonitor
  ) throws(CoppiceError) -> OutputPlan {
    let (whole, omissions, changes) = try chosen(contents, search: search, monitor)
    report.add(omissions)
    report.add(changes)
    report.add(warnings: contents.allWarnings)
    try output.requireFitting(whole)
    return try format.notedPlan(whole, options: output).checked()
  }

  /// Plans a step of a run; returns `nil` for a step with damage, which is left out whole.
  ///
  /// A partial step must not be written: it could become the latest step.
  mutating func planStep(
    _ contents: CheckpointContents, number: Int, search: Salvage.Search = .whole,
    monitor: OperationMonitor
  ) throws(CoppiceError) -> OutputPlan? {
    let (whole, omissions, changes) = try chosen(contents, search: search, monitor)
    if let damaged = omissions.first(where: { $0.fault.kind == .damaged }) {
      report.add(leftOut: number, damaged.fault.error)
      return nil
    }
    report.add(omissions, step: number)
    report.add(changes)
    report.add(warnings: contents.allWarnings)
    try output.requireFitting(whole)
    return try format.notedPlan(whole, options: output, isStep: true).checked()
  }

  /// Returns the chosen and transformed contents of a checkpoint, what salvage left out, and what was asked for.
  func chosen(
    _ contents: CheckpointContents, search: Salvage.Search = .whole, _ monitor: OperationMonitor
  ) throws(CoppiceError) -> (
    contents: CheckpointContents, omissions: [Omission], changes: RequestedChanges
  ) {
    var address = CheckpointAddress("")
    address.components = options.components
    let selected = try address.select(from: contents)
    // First, since casts and other transforms refuse such elements too.
    let source = options.boolValues == .normalize ? selected.normalizingBools : selected
    var changes = RequestedChanges()
    let changed = try options.transform.apply(to: source, counting: &changes)
    let transformed =
      options.format.builtIn?.checksElements ?? false ? changed : changed.checkingElements
    guard let scope = options.salvageScope else { return (transformed, [], changes) }
    // Only the checkpointable that the format keeps is read.
    guard !format.abilities.features.contains(.namedCheckpointables),
      case .named(let items) = transformed.root
    else {
      let (whole, omissions) = try Salvage.run(
        transformed, scope: scope, search: search, monitor: monitor)
      return (whole, omissions, changes)
    }
    let chosen = try TreeChoice.choose(from: items)
    var only = transformed
    only.root = .named([chosen])
    var (whole, omissions) = try Salvage.run(only, scope: scope, search: search, monitor: monitor)
    if case .named(let kept) = whole.root {
      whole.root = .named(items.compactMap { $0.name == chosen.name ? kept.first : $0 })
    }
    return (whole, omissions, changes)
  }

  func planRun(_ steps: CheckpointRun) throws(CoppiceError) -> RunPlan {
    let run = try options.format.builtIn?.planRun(
      rootMetadata: steps.rootMetadata, options: output)
    guard let run else {
      throw CoppiceError(
        .usageChoice,
        "\(format.name) has no runs of steps; choose one by `step`")
    }
    return run
  }

  private mutating func note(_ plan: OutputPlan, name: String, step: Int?) {
    report.add(plan.notes, step: step)
    report.count(plan.leaves, step: step)
    report.outputs.append(.init(step: step, name: name, leaves: plan.leaves, files: plan.files))
  }

  /// Refuses what isn't kept exactly, and sources with warnings, since these say what their reader changed or left out.
  ///
  /// Changes that were asked for count as kept.
  func checkStrictness() throws(CoppiceError) {
    guard options.isStrict else { return }
    var inexact: [(message: String, place: CoppiceError.Location)] = report.notes
      .filter { $0.kind.effect != .kept }
      .map { ($0.message, .init(treePath: $0.treePath.isEmpty ? nil : $0.treePath)) }
    inexact += (runWarnings + report.warnings).map { ($0.message, $0.location) }
    guard let first = inexact.first else { return }
    let count = inexact.count
    throw CoppiceError(
      .conversionInexact,
      (count > 1 ? "\(count) things can't be carried over exactly; the first: " : "")
        + first.message + "; leave `isStrict` out to convert all the same",
      at: first.place)
  }

  /// Notes that one rank of a group writes all.
  mutating func noteUndivided() {
    let names = OutputFormat.all.filter(\.isDivided).map(\.name).joined(separator: ", ")
    report.add([
      ConversionNote(
        .division,
        "one process writes \(format.name); the work for these formats is divided: \(names)")
    ])
  }

  // MARK: Writing

  mutating func write(
    _ contents: CheckpointContents, to target: FilePath, _ monitor: OperationMonitor
  ) throws(CoppiceError) {
    let plan = try plan(contents, monitor: monitor)
    warn(contents.allWarnings)
    report.add(plan.notes)
    report.count(plan.leaves, step: nil)
    try checkStrictness()
    let staged = try StagedOutput(
      plan.isDirectory ? .directory : .file, for: target, replacing: options.writing.isReplacing)
    defer { staged.discard() }
    do throws(CoppiceError) {
      try plan.write(to: staged.path, monitor: monitor)
    } catch {
      throw try allFaults(of: contents, after: error, monitor)
    }
    try monitor.checkCancellation()
    try staged.commit(durability: output.durability)
  }

  /// Reads all contents of the conversion, to report all faults and not only the first one.
  ///
  /// - Returns: An error with all faults; `error` itself if it isn't damage.
  /// - Throws: `io.*`, `operation.cancelled`.
  func allFaults(
    of contents: CheckpointContents, after error: CoppiceError,
    search: Salvage.Search = .whole, _ monitor: OperationMonitor
  ) throws(CoppiceError) -> CoppiceError {
    guard error.isDamage else { return error }
    do throws(CoppiceError) {
      let found = try salvaging.chosen(contents, search: search, monitor).omissions
      return found.count > 1 ? .summing(found.map(\.located)) ?? error : error
    } catch let all {
      guard all.isDamage else { throw all }
      return all.faults.count > 1 ? .summing(all.faults) ?? error : error
    }
  }

  /// The conversion that looks for all damage.
  var salvaging: Conversion {
    get throws(CoppiceError) {
      var search = options
      search.salvages = true
      return try Conversion(search, warn)
    }
  }

  mutating func write(
    _ steps: CheckpointRun, to target: FilePath, _ monitor: OperationMonitor
  ) throws(CoppiceError) {
    let run = try planRun(steps)
    report.add(run.notes)
    try checkStrictness()
    let staged = try StagedOutput(.directory, for: target, replacing: options.writing.isReplacing)
    defer { staged.discard() }
    let output = output
    try forEachStep(of: steps, monitor) { (conversion, step, plan) throws(CoppiceError) in
      conversion.report.add(plan.notes, step: step.number)
      conversion.report.count(plan.leaves, step: step.number)
      try conversion.checkStrictness()
      let path = staged.path.appending(run.stepName(step.number))
      if plan.isDirectory {
        try OutputDirectory.create(path)
      } else {
        _ = try OutputFile(at: path)
      }
      try plan.write(to: path, monitor: monitor)
      if output.durability == .durable, plan.isDirectory { try OutputDirectory.sync(path) }
    }
    try run.writeDocuments(to: staged.path, durability: output.durability)
    try monitor.checkCancellation()
    try staged.commit(durability: output.durability)
  }

  /// Plans each step in turn and passes the plan to a closure.
  ///
  /// After the first faulty step, the remaining steps are only checked.
  ///
  /// - Throws: The faults of all steps as one error; the errors of the closure; the fault of the
  ///   last step when every step was left out.
  private mutating func forEachStep(
    of steps: CheckpointRun, _ monitor: OperationMonitor,
    _ body: (inout Conversion, CheckpointRun.Step, OutputPlan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var faults: [CoppiceError] = []
    var leftOut: CoppiceError?
    var count = 0
    for step in steps.steps {
      let plan: OutputPlan?
      do throws(CoppiceError) {
        var contents = try open(step)
        contents.step = step.number
        plan = try planStep(contents, number: step.number, monitor: monitor)
        warn(contents.allWarnings)
      } catch {
        guard error.isDamage else { throw error }
        let fault = error.located(file: step.name)
        if options.salvages {
          report.add(leftOut: step.number, fault)
          leftOut = fault
        } else {
          faults += fault.faults
        }
        continue
      }
      guard let plan, faults.isEmpty else { continue }
      count += 1
      do throws(CoppiceError) {
        try body(&self, step, plan)
      } catch {
        guard error.isDamage else { throw error }
        let all = try allFaults(of: try open(step), after: error, monitor)
        faults += all.located(file: step.name).faults
      }
    }
    try Self.requireSteps(count, leftOut: leftOut, faults)
  }

  /// Refuses a run with faulty steps, or one of which every step was left out.
  static func requireSteps(
    _ count: Int, leftOut: CoppiceError?, _ faults: [CoppiceError]
  ) throws(CoppiceError) {
    if let fault = CoppiceError.summing(faults) { throw fault }
    if count == 0, var fault = leftOut {
      fault.message = "no step is whole: " + fault.message
      throw fault
    }
  }
}

extension RunPlan {
  /// Writes the documents beside the steps.
  func writeDocuments(to directory: FilePath, durability: Durability) throws(CoppiceError) {
    for document in documents {
      let components = document.path.split(separator: "/").map(String.init)
      let parent = try OutputDirectory.createAll(components.dropLast(), below: directory)
      try OutputFile.create(
        parent.appending(components.last ?? ""), holding: document.bytes, durability: durability)
      if durability == .durable { try OutputDirectory.sync(parent) }
    }
  }
}
