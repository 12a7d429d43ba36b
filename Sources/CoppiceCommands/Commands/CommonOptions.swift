import ArgumentParser
import Coppice
import CoppiceInterop
import CoppiceModel
import FileAccess
import SystemPackage

/// What every command that opens a checkpoint takes.
struct OpeningOptions: ParsableArguments {
  @Flag(help: "Follow symbolic links that lead out of the checkpoint.")
  var followSymlinks = false

  @Flag(help: "Don't check the digests of the data that are read.")
  var noVerify = false

  var options: OpenOptions {
    var options = Self.standard
    if followSymlinks { options.symlinks = .anywhere }
    options.reading.verifiesDigests = !noVerify
    return options
  }

  /// What holds when nothing is given.
  static var standard: OpenOptions {
    var options = OpenOptions(layouts: .all)
    if let worker = WorkerExecutable.path { options.hdf5 = .worker(worker) }
    return options
  }

  /// Opens what an address names, and says what was odd about it.
  func open(_ address: CheckpointAddress) throws(CoppiceError) -> CheckpointInput {
    let input = try CheckpointOpener.open(address.path, options: options)
    switch input {
    case .checkpoint(let contents): Warnings.print(contents.warnings)
    case .steps(let steps): Warnings.print(steps.warnings)
    }
    return input
  }
}

/// Which step of a run is meant.
struct StepOption: ParsableArguments {
  @Option(help: "The step of a run: a number, or \"latest\".")
  var step: String?

  var choice: StepChoice? {
    get throws(CoppiceError) { try Self.parse(step, option: "--step") }
  }

  /// What the text of an option means.
  static func parse(_ step: String?, option: String) throws(CoppiceError) -> StepChoice? {
    guard let step else { return nil }
    if step == "latest" { return .latest }
    guard let number = Int(step) else {
      throw CoppiceError(
        .usageChoice, "\(option) takes a number or \"latest\", not \"\(step)\"")
    }
    return .number(number)
  }

  /// The checkpoint that is meant, or the run when none was chosen.
  func narrow(_ input: CheckpointInput) throws(CoppiceError) -> CheckpointInput {
    guard case .steps(let steps) = input, let choice = try choice else { return input }
    let contents = try choice.find(in: steps).open()
    Warnings.print(contents.warnings)
    return .checkpoint(contents)
  }
}

/// Text for people, or JSON for programs.
struct JSONFlag: ParsableArguments {
  @Flag(help: "Print JSON for programs.")
  var json = false
}
