import CoppiceJSON
public import CoppiceModel
import CoppiceProcess
import SystemPackage

/// A reader in any language: a command that takes the path of a case and prints its result.
///
/// `CMD CASE_PATH` prints one JSON object and exits with 0 if it has a result. The members are
/// `outcome`, which is `valid` or `invalid`; `error.code`, if it knows the code of a refusal;
/// `dump`, the canonical description of what it loaded; and `warnings`, all codes that it
/// tolerated, if it reports warnings.
public struct CommandRunner: ConformanceRunner {
  private let command: String
  private let seconds: Int

  /// Makes a runner from a shell command.
  ///
  /// - Parameters:
  ///   - command: The command; the path of a case is appended as one word.
  ///   - seconds: How long the command may take for one case.
  public init(command: String, seconds: Int = 60) {
    self.command = command
    self.seconds = seconds
  }

  /// Runs the command for one case.
  public func answer(to fixture: FixtureCase) throws(CoppiceError) -> RunnerAnswer {
    let script = command + " \"$1\""
    let path = fixture.directory.string
    let child = try ChildProcess(
      "/bin/sh", arguments: ["-c", script, "coppice-conformance", path].map { Array($0.utf8) },
      inheriting: .surroundings, failure: .usageRunner)
    let outcome = child.output(limit: Self.outputBytes, deadline: Deadline(seconds: seconds))
    switch outcome {
    case .exited(status: 0, let output): return try Self.parse(output)
    case .exited(status: 126...127, _):
      throw CoppiceError(.usageRunner, "the shell can't run the command \"\(command)\"")
    case .exited(let status, _): throw Self.noAnswer("it exited with status \(status)")
    case .cancelled: throw .cancelled
    case .killed(let signal): throw Self.noAnswer("it was ended by signal \(signal)")
    case .tooSlow: throw Self.noAnswer("it took more than \(seconds) seconds")
    case .tooMuch: throw Self.noAnswer("it printed more than \(Self.outputBytes) bytes")
    }
  }

  private static let outputBytes = 256 << 20

  private static func parse(_ output: [UInt8]) throws(CoppiceError) -> RunnerAnswer {
    let answer: JSON
    do {
      answer = try JSONDocument(parsing: output, dialect: .python, limits: .documents).root.json
    } catch {
      throw noAnswer("what it printed is no JSON: \(error.message)")
    }
    switch answer["outcome"]?.string {
    case "valid":
      let warnings = answer["warnings"]?.texts
      return RunnerAnswer(
        .loaded(answer["dump"]),
        findings: warnings?.map { RunnerAnswer.Finding(code: $0, isWarning: true) })
    case "invalid": return RunnerAnswer(.refused(answer["error"]?["code"]?.string))
    default: throw noAnswer("its outcome is neither \"valid\" nor \"invalid\"")
    }
  }

  private static func noAnswer(_ reason: String) -> CoppiceError {
    CoppiceError(.runnerNoAnswer, "the command gave no answer: \(reason)")
  }
}
