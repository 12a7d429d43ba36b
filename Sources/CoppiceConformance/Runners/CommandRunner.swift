import CoppiceJSON
public import CoppiceModel
import CoppiceProcess
import Synchronization
import SystemPackage

/// A reader in any language: a command that answers requests, one line of JSON for each.
///
/// The command is started once for each thread that asks, and again after it ended or gave no answer.
/// It reads requests until its input ends.
///
/// Spec: annex E.
public struct CommandRunner: ConformanceRunner {
  private let command: String
  private let seconds: Int
  private let idle = IdleDialogues()

  /// Makes a runner from a shell command.
  ///
  /// - Parameters:
  ///   - command: The command, which is started without arguments of its own.
  ///   - seconds: The time that the command may take for one request.
  public init(command: String, seconds: Int = 60) {
    self.command = command
    self.seconds = seconds
  }

  /// Sends a request to the command and waits for its answer.
  public func answer(to request: RunnerRequest) throws(CoppiceError) -> RunnerAnswer {
    let line = try CanonicalJSON.encode(request.json, limits: .documents).dropLast()
    let dialogue = if let waiting = idle.take() { waiting } else { try start() }
    let reply = dialogue.ask(
      Array(line), limit: Self.answerBytes, deadline: Deadline(seconds: seconds))
    switch reply {
    case .line(let line):
      let answer = try Self.parse(line, to: request)
      idle.put(dialogue)
      return answer
    case .unasked: throw Self.noAnswer("it printed more than one line for a request")
    case .ended(.exited(status: 126...127, _)):
      throw CoppiceError(.usageRunner, "the shell can't run the command \"\(command)\"")
    case .ended(.exited(let status, _)): throw Self.noAnswer("it exited with status \(status)")
    case .ended(.cancelled): throw .cancelled
    case .ended(.killed(let signal)): throw Self.noAnswer("it was ended by signal \(signal)")
    case .ended(.tooSlow): throw Self.noAnswer("it took more than \(seconds) seconds")
    case .ended(.tooMuch): throw Self.noAnswer("it printed more than \(Self.answerBytes) bytes")
    }
  }

  private static let answerBytes = 256 << 20

  private func start() throws(CoppiceError) -> ChildDialogue {
    try ChildDialogue(
      "/bin/sh", arguments: ["-c", command, "coppice-conformance"].map { Array($0.utf8) },
      failure: .usageRunner)
  }

  private static func parse(
    _ line: [UInt8], to request: RunnerRequest
  ) throws(CoppiceError) -> RunnerAnswer {
    let answer: JSON
    do {
      answer = try JSONDocument(parsing: line, dialect: .python, limits: .documents).root.json
    } catch {
      throw noAnswer("what it printed is no JSON: \(error.message)")
    }
    guard let answer = RunnerAnswer(answer, to: request.query) else {
      throw noAnswer("what it printed answers no such request: \(answer.summary)")
    }
    return answer
  }

  private static func noAnswer(_ reason: String) -> CoppiceError {
    CoppiceError(.runnerNoAnswer, "the command gave no answer: \(reason)")
  }
}

/// The started commands that wait for a request.
private final class IdleDialogues: Sendable {
  private let dialogues = Mutex<[ChildDialogue]>([])

  func take() -> ChildDialogue? { dialogues.withLock { $0.popLast() } }

  func put(_ dialogue: ChildDialogue) { dialogues.withLock { $0.append(dialogue) } }
}
