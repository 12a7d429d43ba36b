import Coppice

/// The output of a pruning or of its plan, for people and for programs.
struct PruneDescription {
  let report: PruneReport
  let run: String
  let isPlan: Bool

  /// The lines: each deleted step with its size, then the sums.
  var lines: [String] {
    var table = TextTable(rightAligned: [1, 2])
    for step in report.deleted {
      var row = [
        isPlan ? "would delete" : "deleted", String(step.info.step), ByteCount.text(step.byteCount),
      ]
      if step.info.name != String(step.info.step) { row.append(step.info.name.printable) }
      table.append(row)
    }
    return table.lines + ["\(run.printable): " + sums.joined(separator: ", ")]
  }

  private var sums: [String] {
    let bytes = ByteCount.text(report.byteCount)
    let all = [
      report.kept.count, report.deleted.count, report.survivors.count, report.faulty.count,
    ].reduce(0, +)
    var sums = [
      isPlan
        ? "\(report.deleted.count) of \(all) steps would be deleted, \(bytes) freed"
        : "\(report.deleted.count) of \(all) steps deleted, \(bytes) freed",
      "\(report.kept.count) kept",
    ]
    if !report.survivors.isEmpty { sums.append("\(report.survivors.count) could not be deleted") }
    if !report.faulty.isEmpty { sums.append("\(report.faulty.count) faulty, which stay") }
    return sums
  }

  var json: JSON {
    let deleted = report.deleted.map { step in
      JSON.object([
        .init("step", .integer(step.info.step)), .init("name", .string(step.info.name)),
        .init("bytes", .integer(step.byteCount)),
      ])
    }
    let survivors = report.survivors.map { step in
      JSON.object([
        .init("step", .integer(step.info.step)),
        .init("error", FaultDescription.error(step.reason)),
      ])
    }
    return .object([
      .init("pruneVersion", .integer(1)), .init("run", .string(run)),
      .init("dryRun", .bool(isPlan)), .init("bytes", .integer(report.byteCount)),
      .init("deleted", .array(deleted)),
      .init("kept", .array(report.kept.map { .integer($0.step) })),
      .init("notDeleted", .array(survivors)),
      .init("faulty", .array(report.faulty.map { .integer($0.step) })),
    ])
  }
}
