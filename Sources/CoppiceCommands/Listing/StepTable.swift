import Coppice
import CoppiceConformance

/// The steps of a run with their known faults; no tree is opened.
struct StepTable {
  private let steps: CheckpointRun
  /// The fault of each step, where it has one.
  private let found: [CoppiceError?]

  /// Examines each step's root document and the files that it names.
  ///
  /// - Throws: `io.*`.
  init(of steps: CheckpointRun) throws(CoppiceError) {
    self.steps = steps
    found = try steps.faults()
  }

  /// The faults in the order of the steps.
  var faults: [CoppiceError] { found.compactMap(\.self) }

  /// The lines for people.
  var text: String {
    var table = TextTable(rightAligned: [0])
    for (step, fault) in zip(steps.steps, found) {
      let row = [String(step.number), step.name.printable]
      if let fault {
        table.append(row, sentence: "\(Self.kind(of: fault)): " + fault.message.printable)
      } else {
        table.append(row)
      }
    }
    let sum =
      "\(steps.steps.count) step\(steps.steps.count == 1 ? "" : "s"); "
      + "list one with --step N or --step latest"
    return (table.lines + [sum]).joined(separator: "\n") + "\n"
  }

  /// The rows for programs.
  var json: JSON {
    let entries = zip(steps.steps, found).map { (step, fault) in
      var members: [JSON.Member] = [
        .init("step", .integer(step.number)), .init("name", .string(step.name)),
      ]
      if let fault {
        members.append(.init("fault", LeafFault(.damaged, fault).json))
      }
      return JSON.object(members)
    }
    return .object([
      .init("listVersion", .integer(1)), .init("format", .string(steps.format)),
      .init("steps", .array(entries)),
    ])
  }

  private static func kind(of fault: CoppiceError) -> String {
    fault.code.rawValue == "directory.no-root-document" ? "incomplete" : "damaged"
  }
}
