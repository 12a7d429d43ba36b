import Coppice
import CoppiceInterop

/// The output of a conversion or of its plan, for people and for programs.
struct ConversionDescription {
  let report: ConversionReport
  let options: ConversionOptions
  let target: String
  /// The time that the conversion took; `nil` for a plan.
  let duration: Duration?

  private var isPlan: Bool { duration == nil }

  /// The line that says what was written: format, steps, arrays, bytes, time and speed.
  var summary: String {
    var facts = [options.format.name]
    if let count = report.stepCount { facts.append("\(count) step\(count == 1 ? "" : "s")") }
    facts.append("\(report.arrayCount) array\(report.arrayCount == 1 ? "" : "s")")
    facts.append(WorkRate.text(of: report.byteCount, in: duration ?? .zero))
    return "\(target.printable): " + facts.joined(separator: ", ")
  }

  /// The lines that say how many things of each kind were changed or lost; none where all is as it was.
  var findings: [String] {
    [("changed", report.changed), ("lost", report.lost)].compactMap { word, findings in
      guard !findings.isEmpty else { return nil }
      return "\(word): " + findings.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
    }
  }

  /// The lines of a plan: each checkpoint with its arrays and files.
  var lines: [String] {
    var lines = ["\(options.format.name) at \(target.printable)"]
    if let replaced = report.replaced {
      let kind = replaced.isDirectory ? "directory" : "file"
      lines.append("replaces the \(replaced.format) \(kind) of this name")
    }
    for output in report.outputs {
      if let step = output.step { lines.append("step \(step)") }
      lines += Self.arrays(output) + Self.files(output)
    }
    lines.append(
      "\(report.arrayCount) \(report.arrayCount == 1 ? "array" : "arrays"), "
        + "\(ByteCount.text(report.byteCount)) of elements; "
        + "\(report.notes.count) \(report.notes.count == 1 ? "note" : "notes")")
    return lines + findings
  }

  private static func arrays(_ output: ConversionReport.Output) -> [String] {
    var table = TextTable(rightAligned: [3])
    for leaf in output.leaves {
      let path = leaf.checkpointable.map { $0 + "/" + leaf.path } ?? leaf.path
      var row = [
        "  " + path.printable, leaf.dtype.rawValue, leaf.shape.description,
        ByteCount.text(leaf.byteCount),
      ]
      if let counts = leaf.shards {
        row.append("boxes " + counts.map(String.init).joined(separator: "x"))
      }
      if let chunk = leaf.chunk { row.append("chunks \(chunk)") }
      table.append(row)
    }
    return table.lines
  }

  private static func files(_ output: ConversionReport.Output) -> [String] {
    var table = TextTable(rightAligned: [1])
    for file in output.files where !file.path.isEmpty {
      let path = output.name.isEmpty ? file.path : output.name + "/" + file.path
      table.append(["  → " + path.printable, file.byteCount.map(ByteCount.text) ?? ""])
    }
    return table.lines
  }

  var json: JSON {
    var members: [JSON.Member] = [
      .init("convertVersion", .integer(1)), .init("target", .string(target)),
      .init("format", .string(options.format.name)),
    ]
    if let count = report.stepCount { members.append(.init("steps", .integer(count))) }
    members.append(.init("arrays", .integer(report.arrayCount)))
    members.append(.init("bytes", .integer(report.byteCount)))
    if let duration {
      members.append(.init("seconds", .float((WorkRate.seconds(duration) * 1e6).rounded() / 1e6)))
    } else {
      members.append(.init("dryRun", .bool(true)))
      members.append(.init("outputs", .array(report.outputs.map(Self.json))))
    }
    if let replaced = report.replaced {
      let kind = replaced.isDirectory ? "directory" : "file"
      members.append(
        .init(
          "replaces",
          .object([
            .init("path", .string(target)), .init("format", .string(replaced.format)),
            .init("kind", .string(kind)),
          ])))
    }
    members.append(
      .init(
        "kept",
        .object([
          .init("arrays", .integer(report.arrayCount)), .init("bytes", .integer(report.byteCount)),
        ])))
    members.append(.init("changed", .array(report.changed.map(Self.json))))
    members.append(.init("lost", .array(report.lost.map(Self.json))))
    members.append(.init("notes", .array(report.notes.map(Self.json))))
    return .object(members)
  }

  private static func json(_ finding: ConversionReport.Finding) -> JSON {
    .object([
      .init("kind", .string(finding.kind)), .init("count", .integer(finding.count)),
      .init("message", .string(ToolWords.tell(finding.message))),
      .init("examples", .array(finding.examples.map { .string($0) })),
    ])
  }

  private static func json(_ note: ConversionNote) -> JSON {
    .object([
      .init("treePath", .string(note.treePath)), .init("kind", .string(note.kind.rawValue)),
      .init("message", .string(ToolWords.tell(note.message))),
    ])
  }

  private static func json(_ output: ConversionReport.Output) -> JSON {
    var members: [JSON.Member] = []
    if let step = output.step { members.append(.init("step", .integer(step))) }
    members.append(.init("name", .string(output.name)))
    let leaves = output.leaves.map { leaf in
      var members: [JSON.Member] = [
        .init("checkpointable", leaf.checkpointable.map(JSON.string) ?? .null),
        .init("treePath", .string(leaf.path)),
        .init("dtype", .string(leaf.dtype.rawValue)),
        .init("shape", .array(leaf.shape.dimensions.map { JSON.integer($0) })),
        .init("bytes", .integer(leaf.byteCount)),
      ]
      if let counts = leaf.shards {
        members.append(.init("shards", .array(counts.map { .integer($0) })))
      }
      if let chunk = leaf.chunk {
        members.append(.init("chunk", .array(chunk.dimensions.map { .integer($0) })))
      }
      return JSON.object(members)
    }
    let files = output.files.map { file in
      JSON.object([
        .init("path", .string(file.path)),
        .init("bytes", file.byteCount.map { JSON.integer($0) } ?? .null),
      ])
    }
    members.append(.init("leaves", .array(leaves)))
    members.append(.init("files", .array(files)))
    return .object(members)
  }
}
