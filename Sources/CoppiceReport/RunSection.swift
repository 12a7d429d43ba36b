import Coppice
import CoppiceModel

/// A run: its steps with times, sizes and metrics; no tree is opened.
struct RunSection: ReportSection {
  let name = "run"

  private let run: CheckpointRun
  private let steps: [CheckpointInfo]
  private let byteCounts: [Int?]
  private let words: @Sendable (String) -> String

  /// Reads each step's root document, and looks for the files that it names.
  ///
  /// - Throws: `io.*`.
  init(
    of run: CheckpointRun, words: @escaping @Sendable (String) -> String
  ) throws(CoppiceError) {
    self.words = words
    self.run = run
    steps = try run.checkpoints()
    byteCounts = try run.byteCounts()
  }

  var faults: [CoppiceError] { steps.compactMap(\.fault) }

  var json: JSON {
    let entries = zip(steps, byteCounts).map { info, bytes in
      var members: [JSON.Member] = [.init("number", .integer(info.step))]
      if let bytes { members.append(.init("bytes", .integer(bytes))) }
      if let time = info.commitTime {
        members.append(.init("committed", .string(time.shortText)))
      }
      if let metrics = info.metrics { members.append(.init("metrics", metrics.forScript)) }
      if let fault = info.fault { members.append(.init("fault", .string(words(fault.message)))) }
      return JSON.object(members)
    }
    var members: [JSON.Member] = [
      .init("format", .string(run.format)), .init("steps", .array(entries)),
    ]
    if let metadata = run.rootMetadata { members.append(.init("metadata", metadata.forScript)) }
    return .object(members)
  }
}
