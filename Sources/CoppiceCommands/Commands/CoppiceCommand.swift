import ArgumentParser
public import Coppice
import CoppiceInterop

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A command whose failures are reported as one line and an exit status.
protocol CoppiceCommand: AsyncParsableCommand {
  /// Whether the command writes checkpoints, so that several processes would overwrite one another's.
  static var writesCheckpoints: Bool { get }

  /// Whether the processes of a group divide the command's work; otherwise rank 0 alone does it.
  static var dividesWork: Bool { get }

  /// Runs the command.
  ///
  /// - Parameter monitor: Cancelled by signals that ask the command to end.
  func execute(_ monitor: OperationMonitor) async throws(CoppiceError)
}

extension CoppiceCommand {
  static var writesCheckpoints: Bool { false }
  static var dividesWork: Bool { false }

  mutating func run() async throws {
    if let group = ToolGroup.current {
      guard group.isPrimary || Self.dividesWork else { return }
    } else if Self.writesCheckpoints {
      try ToolGroup.requireOneProcess()
    }
    let monitor = OperationMonitor()
    let interruption = Interruption(of: monitor)
    defer { interruption.finish() }
    try await execute(monitor)
  }
}

/// The tool, with one verb for each question.
struct CoppiceTool: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coppice",
    abstract: "Convert, list, check, compare, repair and prune checkpoints.",
    discussion: """
      Reads \(FormatReaders.all.names.joined(separator: ", ")); recognises formats by content. \
      Writes \(OutputFormat.names).

      A checkpoint is named by PATH; something inside it by PATH:name/tree/path, as ls prints it.

      Exit status: 0 yes, 1 no (invalid, different), 2 could not tell (I/O, usage, cancelled).
      """,
    version: toolVersion,
    subcommands: [
      ListCommand.self, InfoCommand.self, ShowCommand.self, StatsCommand.self, DumpCommand.self,
      ValidateCommand.self,
      ConvertCommand.self, MigrateCommand.self, DiffCommand.self, RepairCommand.self,
      PruneCommand.self, ReportCommand.self, FormatsCommand.self, ConformanceCommand.self,
      FixturesCommand.self,
    ])
}

extension OutputFormat {
  /// The names of all formats, for help.
  static var names: String { all.map(\.name).joined(separator: ", ") }

  /// The names of the formats for which several processes divide the work, for help.
  static var dividedNames: String {
    let names = all.filter(\.isDivided).map(\.name)
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }
}

/// Runs the tool and returns its exit status.
///
/// - Parameters:
///   - arguments: The words after the tool's name; those of the process if they are `nil`.
///   - group: The processes that run the tool together. Only rank 0 prints.
public func runCoppice(
  _ arguments: [String]? = nil, group: (any ProcessGroup)? = nil
) async -> Int32 {
  if let group, !group.isPrimary { Terminal.silence() }
  return await ToolGroup.$current.withValue(group) { await runCommand(arguments) }
}

/// Prints an error as the tool's commands do, and returns the exit status that goes with it.
public func failCoppice(_ error: CoppiceError) -> Int32 {
  Faults.print(error)
  return error.code.isInputFault ? 1 : 2
}

private func runCommand(_ arguments: [String]?) async -> Int32 {
  let words = arguments ?? Array(CommandLine.arguments.dropFirst())
  let asJSON = words.prefix { $0 != "--" }.contains("--json")
  Terminal.prepare()
  Terminal.isQuiet = false
  // A file that grows beyond the process's limit causes an error as others do, so that unfinished
  // files are deleted.
  signal(SIGXFSZ, SIG_IGN)
  do {
    var failure: (any Error)?
    do { try await answer(words) } catch { failure = error }
    try Terminal.finish()
    if let failure { throw failure }
    return 0
  } catch let error as CoppiceError {
    if !error.code.isStatus { Faults.print(error, asJSON: asJSON) }
    return error.code.isInputFault ? 1 : 2
  } catch {
    // Help and version are answers; all other errors of the parser are usage errors.
    Faults.print(UsageError.explain(CoppiceTool.message(for: error), words), asJSON: asJSON)
    return 2
  }
}

/// Runs a command, or prints help or the version.
///
/// - Throws: The command's error; the errors of the command line parser.
private func answer(_ words: [String]) async throws {
  if let error = UsageError.unknownTopic(words) { throw error }
  do {
    var command = try CoppiceTool.parseAsRoot(words)
    if var command = command as? any AsyncParsableCommand {
      try await command.run()
    } else {
      // Help and the scripts of completions are commands of the parser.
      try command.run()
    }
  } catch  where CoppiceTool.exitCode(for: error) == .success {
    try Terminal.print(CoppiceTool.fullMessage(for: error) + "\n")
  }
}
