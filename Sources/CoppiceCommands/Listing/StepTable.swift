import Coppice
import CoppiceConformance

/// The steps of a run with times, sizes, metrics and known faults; no tree is opened.
struct StepTable {
  private let run: CheckpointRun
  private let steps: [CheckpointInfo]
  private let byteCounts: [Int?]

  /// Reads each step's root document, and looks for the files that it names.
  ///
  /// - Throws: `io.*`.
  init(of run: CheckpointRun) throws(CoppiceError) {
    self.run = run
    steps = try run.checkpoints()
    byteCounts = try run.byteCounts()
  }

  /// The faults in the order of the steps.
  var faults: [CoppiceError] { steps.compactMap(\.fault) }

  /// The number of bytes of the files of all steps; `nil` where it isn't known.
  var byteCount: Int? {
    byteCounts.reduce(0) { sum, count in sum.flatMap { sum in count.map { sum + $0 } } }
  }

  /// The lines for people.
  var text: String {
    var table = TextTable(rightAligned: [0, 3])
    let hasNames = steps.contains { $0.name != String($0.step) }
    for (info, bytes) in zip(steps, byteCounts) {
      let row = [
        String(info.step), hasNames ? info.name.printable : "",
        (info.commitTime ?? info.initTime)?.second ?? "", bytes.map(ByteCount.text) ?? "",
      ]
      if let fault = info.fault {
        table.append(row, sentence: "\(Self.kind(of: fault)): " + fault.message.printable)
      } else {
        table.append(row, sentence: info.metrics.map(Self.text) ?? "")
      }
    }
    var sums = ["\(steps.count) step\(steps.count == 1 ? "" : "s")"]
    if let byteCount { sums.append(ByteCount.text(byteCount)) }
    let incomplete = faults.count { Self.isIncomplete($0) }
    if incomplete > 0 { sums.append("\(incomplete) incomplete") }
    if faults.count > incomplete { sums.append("\(faults.count - incomplete) damaged") }
    let sum = sums.joined(separator: ", ") + "; list one with --step N or --step latest"
    return (table.lines + [sum]).joined(separator: "\n") + "\n"
  }

  /// The rows for programs.
  func json(address: String) -> JSON {
    let entries = zip(steps, byteCounts).map { (info, bytes) in
      var members: [JSON.Member] = [
        .init("step", .integer(info.step)), .init("name", .string(info.name)),
      ]
      if let bytes { members.append(.init("bytes", .integer(bytes))) }
      if let time = info.initTime { members.append(.init("initTime", .string(time.description))) }
      if let time = info.commitTime {
        members.append(.init("commitTime", .string(time.description)))
      }
      if let metrics = info.metrics { members.append(.init("metrics", metrics.withoutNonfinite)) }
      if let fault = info.fault {
        members.append(.init("fault", LeafFault(.damaged, fault).json))
      }
      return JSON.object(members)
    }
    var members: [JSON.Member] = [
      .init("listVersion", .integer(1)), .init("address", .string(address)),
      .init("format", .string(run.format)),
    ]
    if let metadata = run.rootMetadata {
      members.append(.init("rootMetadata", metadata.withoutNonfinite))
    }
    if let byteCount { members.append(.init("bytes", .integer(byteCount))) }
    return .object(members + [.init("steps", .array(entries))])
  }

  /// Returns metrics as `loss 0.25, eval.acc 0.5`.
  private static func text(of metrics: JSON) -> String {
    let text = metrics.leaves(below: "").map { "\($0.name.printable) \($0.text)" }
      .joined(separator: ", ")
    return text.count > 60 ? text.prefix(59) + "…" : text
  }

  private static func kind(of fault: CoppiceError) -> String {
    isIncomplete(fault) ? "incomplete" : "damaged"
  }

  private static func isIncomplete(_ fault: CoppiceError) -> Bool {
    fault.code == .directoryNoRootDocument
  }
}

extension Timestamp {
  /// The moment to a second: `2026-01-31T23:59:59Z`.
  fileprivate var second: String { description.prefix(19) + "Z" }
}

extension JSON {
  /// The values in nested objects, with their names joined by dots.
  fileprivate func leaves(below path: String) -> [(name: String, text: String)] {
    guard case .object(let members) = self else {
      let isText = if case .string = self { true } else { false }
      return [(path, isText ? (string ?? "").printable : text.printable)]
    }
    return members.flatMap {
      $0.value.leaves(below: path.isEmpty ? $0.name : path + "." + $0.name)
    }
  }
}
