import Coppice
import CoppiceInterop
import CoppiceMaintenance
import SystemPackage

/// The verdict of a validation in words, with its findings.
struct Verdict {
  /// The verdict where nothing was validated.
  static let none = Verdict(state: "not validated", depth: "", findings: [])

  private let state: String
  /// The depth of the validation, in words.
  private let depth: String
  /// Severity and text of the findings that the page lists.
  private let findings: [JSON]

  /// The most findings that the page lists.
  private static let mostFindings = 200

  private init(state: String, depth: String, findings: [JSON]) {
    self.state = state
    self.depth = depth
    self.findings = findings
  }

  /// Validates a checkpoint as deeply as the options ask for.
  ///
  /// - Throws: The errors of `Checkpoint.validate`.
  init(
    of path: FilePath, _ options: ReportOptions, _ monitor: OperationMonitor
  ) async throws(CoppiceError) {
    guard let level = options.level else {
      self = .none
      return
    }
    let report = try await Checkpoint.validate(
      at: path, level: level, step: options.step, opening: options.opening, monitor: monitor)
    let isWhole = report.diagnostics.allSatisfy { $0.severity == .warning }
    let depth =
      switch (level, report.hasDigests) {
      case (.document, _): "documents checked"
      case (.structure, _): "documents and files checked, no data read"
      case (.data, true): "every byte checked"
      case (.data, false): "every array read; the format has no digests"
      }
    let state = !isWhole ? "invalid" : report.hasDigests ? "valid" : "readable"
    let findings = report.diagnostics.prefix(Self.mostFindings).map { finding in
      JSON.array([
        .string(finding.severity.rawValue),
        .string(finding.fault.reworded(options.words).description),
      ])
    }
    self.init(state: state, depth: depth, findings: findings)
  }

  /// The verdict for the page's script.
  var json: JSON {
    .object([
      .init("state", .string(state)), .init("depth", .string(depth)),
      .init("findings", .array(findings)),
    ])
  }
}
