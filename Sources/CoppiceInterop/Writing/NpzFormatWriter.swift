import CoppiceFiles
package import CoppiceModel
import CoppiceNumPy
import SystemPackage

/// Writes NumPy's archives of arrays by name.
package struct NpzFormatWriter: FormatWriter {
  package let name = NumPyFormat.archiveName
  package let abilities = FormatAbilities([.textArrays, .emptyArrays], dtypes: NpzPlan.dtypes)
  package let choices = OutputChoices()
  package let nameEndings = [NumPyFormat.archiveSuffix]

  package init() {}

  package func plan(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> any OutputPlan {
    let single = try SingleTree(of: contents, for: name)
    var plan = try NpzPlan(writing: single.tree, of: single.contents)
    plan.notes += single.notes
    return NpzOutputPlan(plan: plan, durability: options.durability)
  }
}

/// An archive with everything settled but the data.
private struct NpzOutputPlan: OutputPlan {
  let plan: NpzPlan
  let durability: Durability

  let kind = StagedOutput.Kind.file
  var notes: [ConversionNote] { plan.notes }

  var leaves: [PlannedArray] { plan.leaves.map { PlannedArray($0.treePath, $0.source) } }

  var files: [PlannedFile] { [PlannedFile("", byteCount: plan.byteCount)] }

  func write(to output: FilePath, monitor: OperationMonitor) throws(CoppiceError) {
    monitor.expect(bytes: plan.leaves.reduce(0) { $0 + $1.source.byteCount })
    try plan.write(to: output, thatExists: true, durability: durability, monitor: monitor)
  }
}
