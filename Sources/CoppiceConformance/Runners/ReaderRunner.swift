public import Coppice
import CoppiceFiles
public import CoppiceInterop
import CoppiceMaintenance
public import CoppiceModel

/// This library's own reader and validator.
public struct ReaderRunner: ConformanceRunner {
  private let options: OpenOptions

  /// Makes a runner that tests the reader.
  public init(options: OpenOptions = OpenOptions(formats: .all)) { self.options = options }

  /// Loads the case and validates it at its level.
  public func answer(to fixture: FixtureCase) throws(CoppiceError) -> RunnerAnswer {
    var answer = load(fixture)
    if !fixture.isForeign { answer.findings = try validate(fixture) }
    return answer
  }

  private func load(_ fixture: FixtureCase) -> RunnerAnswer {
    do throws(CoppiceError) {
      let input = try open(fixture)
      let dump = try DumpBuilder().describe(input)
      let warnings =
        switch input {
        case .checkpoint(let contents): contents.warnings
        case .steps(let steps): steps.warnings
        }
      return RunnerAnswer(.loaded(dump), warnings: warnings.map(\.code.rawValue))
    } catch {
      return RunnerAnswer(.refused(error.code.rawValue))
    }
  }

  /// Opens the checkpoint; an unrecognised one is read as Coppice's format, as the case says it is.
  private func open(_ fixture: FixtureCase) throws(CoppiceError) -> CheckpointInput {
    do {
      return try CheckpointOpener.open(fixture.input, options: options)
    } catch {
      guard error.code == .formatUnrecognized, !fixture.isForeign else { throw error }
      let directory = try DirectoryHandle(opening: fixture.input, symlinks: options.symlinks)
      return .checkpoint(try CheckpointReader.open(directory, options: options.reading))
    }
  }

  private func validate(_ fixture: FixtureCase) throws(CoppiceError) -> [RunnerAnswer.Finding] {
    var found: [Diagnostic]
    do {
      found = try PathValidation(
        options: options, level: fixture.level, monitor: OperationMonitor()
      ).run(fixture.input, step: nil).diagnostics
      if found.contains(where: { $0.fault.code == .formatUnrecognized }) {
        let directory = try DirectoryHandle(opening: fixture.input, symlinks: options.symlinks)
        found = try Validator.run(
          directory, level: fixture.level, limits: options.limits, hdf5: options.hdf5)
      }
    } catch {
      // A fault of the input is an answer, wherever it is detected.
      guard !error.code.isInputFault else {
        return [RunnerAnswer.Finding(code: error.code.rawValue, isWarning: false)]
      }
      throw CoppiceError(.runnerNoAnswer, "validation could not tell: \(error)")
    }
    return found.map { RunnerAnswer.Finding($0) }
  }
}
