import CoppiceInterop

/// Does in sixty lines what a downstream tool does: converts with a report, validates, compares, loads by
/// path, edits, converts with a format of its own, saves checkpointables named at run time, and keeps the best three steps of a run.
///
///     Upkeep CHECKPOINT DIRECTORY
@main
enum Upkeep {
  struct Surprise: Error { var what: String }

  static func main() async throws {
    let (source, place) = (CommandLine.arguments[1], CommandLine.arguments[2])
    let (copy, edited) = (FilePath(place + "/copy"), FilePath(place + "/edited"))

    let report = try await Checkpoint.convert(FilePath(source), to: copy)
    for note in report.notes { print("note: \(note)") }
    let findings = try await Checkpoint.validate(at: copy)
    try expect(findings.isValid && findings.hasDigests, "a converted checkpoint is valid")
    let difference = try await Checkpoint.diff(source, copy.string)
    try expect(difference.isEqual, "and holds the same: \(difference.differences)")

    var tree = try await Checkpoint.load(from: copy)
    let kernel = try tree.node(at: "params/params/Dense_0/kernel")
    tree["params/params/Dense_0/kernel_copy"] = kernel
    tree["opt_state"] = nil
    tree["notes"] = ["rate": 0.5, "names": ["a", "b"], "mask": .array([1, 0, 1] as [Int32])]
    print(tree)

    let table = FilePath(place + "/kernel.csv")
    var toCSV = ConversionOptions(to: OutputFormat(CSVFormat()))
    toCSV.components = ["state", "params", "params", "Dense_0", "kernel"]
    try await Checkpoint.convert(copy, to: table, options: toCSV)

    let formats = FormatReaders([CSVFormat()] + FormatReaders.all.list)
    let array = try await Checkpoint.load(from: table, opening: OpenOptions(formats: formats))
    guard case .leaf(let rows) = array, case .leaf(let saved) = kernel else {
      throw Surprise(what: "a table is an array")
    }
    try expect(try rows == saved.cast(to: .float64), "a format of one's own reads what it wrote")

    var values = NamedValues<any Sendable>()
    for name in ["state", "ema"] { values[name] = tree }
    values["config"] = ["width": 2] as JSON
    try await Checkpoint.saveCheckpointables(values, to: edited)
    for (name, value) in try await Checkpoint.loadCheckpointables(from: edited) {
      print("\(name): \(type(of: value))")
    }
    let changed = try await Checkpoint.diff(copy.string, edited.string + ":state")
    try expect(!changed.isEqual, "an edit is a difference")

    let best = CheckpointerOptions(preservation: .best(3, by: .minimum("loss")))
    let kept = try await Checkpointer.withRun(at: FilePath(place + "/run"), options: best) { run in
      for (step, loss) in [0.9, 0.2, 0.5, 0.1, 0.7].enumerated() {
        _ = try await run.saveAsync(step: step, tree, metrics: ["loss": .float(loss)])
      }
      try await run.wait()
      return run.checkpoints.map(\.step)
    }
    try expect(kept == [1, 2, 3], "the best three stay: \(kept)")
    do {
      _ = try await Checkpoint.load(from: "nowhere")
    } catch {
      try expect(error.code == .ioNotFound, "codes have names: \(error)")
    }
  }

  static func expect(_ condition: Bool, _ what: String) throws {
    guard condition else { throw Surprise(what: what) }
  }
}
