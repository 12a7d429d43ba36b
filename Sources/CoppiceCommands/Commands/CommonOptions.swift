import ArgumentParser
import Coppice
import CoppiceFiles
import CoppiceInterop
import CoppiceModel
import SystemPackage

/// The options of every command that opens a checkpoint.
struct OpeningOptions: ParsableArguments {
  @Flag(help: "Follow symbolic links that lead out of the checkpoint.")
  var followSymlinks = false

  @Flag(help: "Don't check the digests of data.")
  var noVerify = false

  var options: OpenOptions {
    var options = Self.standard
    if followSymlinks { options.symlinks = .anywhere }
    options.verifiesDigests = !noVerify
    return options
  }

  /// The options when the user gives none.
  static var standard: OpenOptions {
    var options = OpenOptions(formats: .all)
    if let worker = WorkerExecutable.path { options.hdf5 = .worker(worker) }
    return options
  }

  /// Opens the checkpoint or run of an address, and prints a run's warnings.
  func open(_ address: CheckpointAddress) throws(CoppiceError) -> CheckpointInput {
    let input = try CheckpointOpener.open(address.path, options: options)
    if case .steps(let steps) = input { Warnings.print(steps.warnings) }
    return input
  }
}

/// The option that chooses a step of a run.
struct StepOption: ParsableArguments {
  @Option(help: "The step of a run: a number, or latest.", completion: .steps)
  var step: String?

  var choice: StepChoice? {
    get throws(CoppiceError) { try Self.parse(step, option: "--step") }
  }

  /// Parses the text of an option that takes a step.
  static func parse(_ step: String?, option: String) throws(CoppiceError) -> StepChoice? {
    guard let step else { return nil }
    if step == "latest" { return .latest }
    guard let number = Int(step) else {
      throw CoppiceError(
        .usageChoice, "\(option) takes a number or \"latest\", not \"\(step)\"")
    }
    return .number(number)
  }

  /// Returns the chosen step's checkpoint, or the input when no step was chosen.
  ///
  /// - Throws: `usage.choice` for a step when the input isn't a run; the errors of finding the
  ///   step.
  func narrow(_ input: CheckpointInput) throws(CoppiceError) -> CheckpointInput {
    guard let choice = try choice else { return input }
    guard case .steps(let steps) = input else {
      throw CoppiceError(
        .usageChoice, "this is one checkpoint, not a run of steps; leave --step out")
    }
    return .checkpoint(try choice.open(in: steps))
  }
}

/// The choice between text for people and JSON for programs.
struct JSONFlag: ParsableArguments {
  @Flag(help: "Print JSON for programs.")
  var json = false
}

extension CheckpointAddress {
  /// Refuses an address that continues inside a run when no step was chosen.
  ///
  /// - Throws: `usage.choice`.
  func requireWhole() throws(CoppiceError) {
    guard !isWhole else { return }
    throw CoppiceError(
      .usageChoice, "this is a run of steps; choose one with --step N or --step latest",
      at: .init(file: path.string))
  }
}

extension StepChoice {
  /// Opens the step, and warns of later faulty steps.
  func open(in steps: CheckpointRun) throws(CoppiceError) -> CheckpointContents {
    let step = try find(in: steps) { Warnings.print([$0]) }
    do throws(CoppiceError) {
      var contents = try step.open()
      contents.step = contents.step ?? step.number
      return contents
    } catch {
      throw error.located(file: step.name)
    }
  }
}
