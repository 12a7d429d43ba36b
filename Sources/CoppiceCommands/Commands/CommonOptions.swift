import ArgumentParser
import Coppice
import CoppiceInterop
import SystemPackage

/// The options of every command that opens a checkpoint of the format's own.
struct StoredOptions: ParsableArguments {
  @Flag(help: "Follow symbolic links that lead out of the checkpoint.")
  var followSymlinks = false

  @Flag(help: "Don't check the digests of data.")
  var noVerify = false

  var options: OpenOptions {
    var options = OpeningOptions.standard
    options.followsSymlinks = followSymlinks
    options.verifiesDigests = !noVerify
    options.onWarning = { Warnings.print([$0]) }
    return options
  }
}

/// The options of every command that opens a checkpoint of any format.
struct OpeningOptions: ParsableArguments {
  @OptionGroup var stored: StoredOptions

  @Flag(help: "Read quantised arrays of GGUF as float32; otherwise their blocks are bytes.")
  var dequantize = false

  @Flag(help: "Read HDF5's sequences of variable length as lists of arrays, in memory.")
  var sequences = false

  @Flag(help: "Read elements of HDF5 that no array can have, such as compounds, as bytes.")
  var raw = false

  var options: OpenOptions {
    var options = stored.options
    options.readsSequences = sequences
    options.readsRawElements = raw
    options.dequantizes = dequantize
    return options
  }

  /// The options when the user gives none.
  static var standard: OpenOptions {
    var options = OpenOptions(formats: .all)
    options.hdf5 = .workerBesideProgram
    return options
  }

  /// Opens the checkpoint or run of an address, or the step of a run, and prints a run's warnings.
  func open(
    _ address: CheckpointAddress, _ step: StepOption
  ) async throws(CoppiceError) -> CheckpointInput {
    let input = try await CheckpointInput.open(
      address.path, step: try step.choice, opening: options)
    if case .steps(let run) = input { Warnings.print(run.warnings) }
    return input
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
      .usageChoice, "this is a run; choose a step with --step N or --step latest",
      at: .init(file: path.string))
  }
}
