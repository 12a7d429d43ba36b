import CoppiceModel
import FileAccess

/// The steps of a run; none of them is opened.
enum StepListing {
  static func text(_ steps: CheckpointSteps) -> String {
    var table = TextTable(rightAligned: [0])
    for step in steps.steps { table.append([String(step.number), step.name.printable]) }
    let sum =
      "\(steps.steps.count) step\(steps.steps.count == 1 ? "" : "s"); "
      + "list one with --step N or --step latest"
    return (table.lines + [sum]).joined(separator: "\n") + "\n"
  }

  static func json(_ steps: CheckpointSteps) -> JSON {
    let entries = steps.steps.map { step in
      JSON.object([.init("step", .integer(step.number)), .init("name", .string(step.name))])
    }
    return .object([
      .init("listVersion", .integer(1)), .init("format", .string(steps.format)),
      .init("steps", .array(entries)),
    ])
  }
}
