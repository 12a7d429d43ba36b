public import Coppice
import CoppiceFiles

/// A page of HTML that shows a checkpoint or a run.
///
/// The page needs no network and no other file. A Content-Security-Policy in it allows nothing but its
/// own script and style, and names from the checkpoint enter it as text.
public struct CheckpointReport: Sendable {
  /// The text of the page.
  public let html: String

  /// The faults of what the page shows; empty where everything could be listed.
  public let faults: [CoppiceError]

  /// The addresses of what the page shows.
  let addresses: [String]

  /// Writes the page, which appears whole or not at all.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - replacing: Whether an earlier page of that name is replaced.
  /// - Throws: As `checkTarget(_:of:replacing:)`; `io.*`.
  public func write(
    to path: some FilePathConvertible, replacing: Bool = false
  ) throws(CoppiceError) {
    try Self.checkTarget(path, of: addresses, replacing: replacing)
    let output = try StagedOutput(.file, for: path.filePath, replacing: replacing)
    let file = try OutputFile(at: output.path, creating: false)
    try file.write(Array(html.utf8), at: 0)
    try file.sync()
    try output.commit(durability: .durable)
  }
}

extension Checkpoint {
  /// Makes a page that shows a checkpoint, two compared, or a run.
  ///
  /// Array data are read only for a validation of level `.data`, for statistics and for a comparison.
  ///
  /// - Parameters:
  ///   - address: The checkpoint or run: `PATH[:name[/tree/path]]`.
  ///   - options: The parts of the page.
  ///   - monitor: Reports the progress, and cancels.
  /// - Throws: `io.*`, `usage.*`, `format.unrecognized`, `operation.cancelled`, and the errors of the
  ///   format's reader; a damaged checkpointable or leaf is shown in its place instead.
  public static func report(
    on address: String, options: ReportOptions = ReportOptions(),
    monitor: OperationMonitor = OperationMonitor()
  ) async throws(CoppiceError) -> CheckpointReport {
    let place = CheckpointAddress(address)
    let input = try await CheckpointInput.open(
      place.path, step: options.step, opening: options.opening)
    var page = ReportPage(of: place, at: address, time: options.time)
    switch input {
    case .steps(let run):
      guard place.isWhole, options.other == nil else {
        throw CoppiceError(
          .usageChoice, "this is a run; choose a step (`step`)", at: .init(file: address))
      }
      page.add(try RunSection(of: run, words: options.words))
    case .checkpoint(let contents):
      let statistics = try await ArrayFindings(of: address, options, monitor)
      var subject = try SubjectSection(
        of: contents, at: place, statistics, words: options.words)
      subject.verdict = try await Verdict(of: place.path, options, monitor)
      page.add(subject)
      if let other = options.other {
        page.add(try await ComparisonSection(of: address, with: other, options, monitor))
      }
    }
    return CheckpointReport(
      html: page.html, faults: page.faults,
      addresses: [address] + (options.other.map { [$0] } ?? []))
  }
}
