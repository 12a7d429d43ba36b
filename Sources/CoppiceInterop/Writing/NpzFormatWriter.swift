import CoppiceFiles
import CoppiceModel
import CoppiceNumPy
import SystemPackage

/// The writer of npz files, NumPy's archives of named arrays.
package struct NpzFormatWriter: BuiltInFormatWriter {
  package let name = NumPyFormat.archiveName
  package let abilities = FormatAbilities([.textArrays, .emptyArrays], dtypes: NpzPlan.dtypes)
  package let nameEndings = [NumPyFormat.archiveSuffix]

  package init() {}

  package func plan(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> OutputPlan {
    let single = try SingleTree(of: contents, for: name)
    let plan = try NpzPlan(writing: single.tree, of: single.contents)
    return OutputPlan(
      fileOf: plan.byteCount, leaves: plan.leaves.map { PlannedArray($0.treePath, $0.source) },
      notes: plan.notes + single.notes
    ) { (path, monitor) throws(CoppiceError) in
      try plan.write(to: path, thatExists: true, durability: options.durability, monitor: monitor)
    }
  }
}
