import CoppiceFiles
import CoppiceHDF5Tree
package import CoppiceModel
import SystemPackage

/// Writes HDF5 files as h5py reads them: groups, contiguous datasets, texts.
package struct HDF5FormatWriter: FormatWriter {
  package let name = HDF5TreeFormat.name
  package let abilities = FormatAbilities(
    [
      .nesting, .emptyContainers, .strings, .bytes, .textArrays, .none, .emptyArrays,
      .customMetadata,
    ], dtypes: HDF5TreePlan.dtypes)
  package let choices = OutputChoices()
  package let nameEndings = [".h5", ".hdf5"]

  package init() {}

  package func plan(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> any OutputPlan {
    let single = try SingleTree(of: contents, for: name)
    var plan = try HDF5TreePlan(writing: single.tree, of: single.contents)
    plan.notes += single.notes
    return HDF5OutputPlan(plan: plan, durability: options.durability)
  }
}

/// An HDF5 file with everything settled but the data.
private struct HDF5OutputPlan: OutputPlan {
  let plan: HDF5TreePlan
  let durability: Durability

  let kind = StagedOutput.Kind.file
  var notes: [ConversionNote] { plan.notes }

  var leaves: [PlannedArray] { plan.leaves.map { PlannedArray($0.treePath, $0.source) } }

  var files: [PlannedFile] { [PlannedFile("", byteCount: nil)] }

  func write(to output: FilePath, monitor: OperationMonitor) throws(CoppiceError) {
    monitor.expect(bytes: plan.leaves.reduce(0) { $0 + $1.source.byteCount })
    try plan.write(to: output, thatExists: true, durability: durability, monitor: monitor)
  }
}
