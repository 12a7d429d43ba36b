import Coppice
package import CoppiceModel
import FileAccess
package import SystemPackage

/// Carries a checkpoint over from any readable format to any writable one.
///
/// Array data stream through: memory is bounded by the pieces of the writer and what decoding takes,
/// whatever the size of the checkpoint (see `ReadLimits.workingMemory`).
package struct Conversion {
  private let options: ConversionOptions
  private let output: OutputOptions
  private let warn: ([CoppiceError]) -> Void
  private var report = ConversionReport()

  private var format: any WritableFormat { options.target }

  private init(
    _ options: ConversionOptions, _ warn: @escaping ([CoppiceError]) -> Void
  ) throws(CoppiceError) {
    self.options = options
    self.output = options.output
    self.warn = warn
    try options.target.choices.check(output, for: options.target.name)
  }

  /// Converts.
  ///
  /// - Parameter warn: Told what was odd yet tolerated in each checkpoint that is opened on the way.
  /// - Returns: What could not be carried over exactly.
  /// - Throws: `usage.*`, `operation.*`, `io.*`, `conversion.inexact`, and what readers and writers
  ///   throw. Nothing lies at the target then that wasn't there before.
  @discardableResult
  package static func run(
    _ input: CheckpointInput, to target: FilePath, options: ConversionOptions,
    monitor: OperationMonitor, warn: @escaping ([CoppiceError]) -> Void = { _ in }
  ) throws(CoppiceError) -> ConversionReport {
    var conversion = try Conversion(options, warn)
    switch try conversion.narrow(input) {
    case .checkpoint(let contents): try conversion.write(contents, to: target, monitor)
    case .steps(let steps): try conversion.write(steps, to: target, monitor)
    }
    return conversion.report
  }

  /// Says what a conversion would write; array data are not read.
  ///
  /// - Throws: As `run`, as far as it can be known.
  package static func plan(
    _ input: CheckpointInput, options: ConversionOptions,
    warn: @escaping ([CoppiceError]) -> Void = { _ in }
  ) throws(CoppiceError) -> ConversionReport {
    var conversion = try Conversion(options, warn)
    switch try conversion.narrow(input) {
    case .checkpoint(let contents):
      conversion.note(try conversion.plan(contents), name: "", step: nil)
    case .steps(let steps):
      let run = try conversion.planRun(steps)
      conversion.report.add(run.notes)
      for step in steps.steps {
        let plan = try conversion.planStep(try conversion.open(step))
        conversion.note(plan, name: run.stepName(step.number), step: step.number)
      }
    }
    try conversion.checkStrictness()
    return conversion.report
  }

  /// The checkpoint that is meant, or the run.
  private func narrow(_ input: CheckpointInput) throws(CoppiceError) -> CheckpointInput {
    switch input {
    case .checkpoint(let contents):
      guard options.step == nil || contents.step.map({ options.step == .number($0) }) ?? false
      else {
        throw CoppiceError(.usageChoice, "the source is one checkpoint; leave --step out")
      }
      return input
    case .steps(let steps):
      guard let choice = options.step else { return input }
      return .checkpoint(try open(try choice.find(in: steps)))
    }
  }

  private func open(_ step: CheckpointSteps.Step) throws(CoppiceError) -> CheckpointContents {
    var contents = try step.open()
    warn(contents.warnings)
    contents.step = contents.step ?? step.number
    return contents
  }

  private func plan(_ contents: CheckpointContents) throws(CoppiceError) -> any OutputPlan {
    try format.plan(try options.transform.apply(to: contents), options: output)
  }

  private func planStep(_ contents: CheckpointContents) throws(CoppiceError) -> any OutputPlan {
    try format.planStep(try options.transform.apply(to: contents), options: output)
  }

  private func planRun(_ steps: CheckpointSteps) throws(CoppiceError) -> RunPlan {
    guard let run = try format.planRun(rootMetadata: steps.rootMetadata, options: output) else {
      throw CoppiceError(
        .usageChoice,
        "\(format.name) has no runs of steps; choose one with --step N or --step latest")
    }
    return run
  }

  private mutating func note(_ plan: any OutputPlan, name: String, step: Int?) {
    report.add(plan.notes, step: step)
    report.outputs.append(.init(step: step, name: name, leaves: plan.leaves, files: plan.files))
  }

  private func checkStrictness() throws(CoppiceError) {
    guard options.isStrict, let first = report.notes.first else { return }
    let count = report.notes.count
    throw CoppiceError(
      .conversionInexact,
      (count > 1 ? "\(count) things can't be carried over exactly; the first: " : "")
        + first.message + "; leave --strict out to convert all the same",
      at: .init(treePath: first.treePath.isEmpty ? nil : first.treePath))
  }

  // MARK: Writing

  private mutating func write(
    _ contents: CheckpointContents, to target: FilePath, _ monitor: OperationMonitor
  ) throws(CoppiceError) {
    let plan = try plan(contents)
    report.add(plan.notes)
    try checkStrictness()
    let staged = try StagedOutput(plan.kind, for: target, replacing: options.writing.isReplacing)
    defer { staged.discard() }
    try plan.write(to: staged.path, monitor: monitor)
    try monitor.checkCancellation()
    try staged.commit(durability: output.durability)
  }

  private mutating func write(
    _ steps: CheckpointSteps, to target: FilePath, _ monitor: OperationMonitor
  ) throws(CoppiceError) {
    let run = try planRun(steps)
    report.add(run.notes)
    try checkStrictness()
    let staged = try StagedOutput(.directory, for: target, replacing: options.writing.isReplacing)
    defer { staged.discard() }
    for step in steps.steps {
      var contents = try open(step)
      contents.step = step.number
      let plan = try planStep(contents)
      report.add(plan.notes, step: step.number)
      try checkStrictness()
      let path = staged.path.appending(run.stepName(step.number))
      switch plan.kind {
      case .directory: try OutputDirectory.create(path)
      case .file: _ = try OutputFile(at: path)
      }
      try plan.write(to: path, monitor: monitor)
      if output.durability == .durable, plan.kind == .directory { try OutputDirectory.sync(path) }
    }
    for document in run.documents {
      let components = document.path.split(separator: "/").map(String.init)
      let parent = try OutputDirectory.createAll(components.dropLast(), below: staged.path)
      try OutputFile.create(
        parent.appending(components.last ?? ""), holding: document.bytes,
        durability: output.durability)
      if output.durability == .durable { try OutputDirectory.sync(parent) }
    }
    try monitor.checkCancellation()
    try staged.commit(durability: output.durability)
  }
}
