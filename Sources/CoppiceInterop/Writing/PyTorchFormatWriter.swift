import CoppiceFiles
import CoppiceModel
import CoppicePyTorch
import SystemPackage

/// The writer of files as `torch.save` makes them, which `torch.load(weights_only=True)` reads.
package struct PyTorchFormatWriter: BuiltInFormatWriter {
  package let name = PyTorchFormat.name
  package let abilities = FormatAbilities(
    [
      .nesting, .lists, .tuples, .integerKeys, .emptyContainers, .numbers, .largeIntegers,
      .complexNumbers, .strings, .bytes, .none, .emptyArrays, .tiedArrays,
    ],
    dtypes: PyTorchPlan.dtypes)
  package let nameEndings = [".pt", ".pth", ".pth.tar"]

  package init() {}

  package func plan(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> OutputPlan {
    let single = try SingleTree(of: contents, for: name)
    let plan = try PyTorchPlan(writing: single.tree, of: single.contents)
    return OutputPlan(
      isDirectory: false, leaves: plan.leaves.map { PlannedArray($0.treePath, $0.source) },
      files: [PlannedFile("", byteCount: plan.byteCount)], notes: plan.notes + single.notes
    ) { (path, monitor) throws(CoppiceError) in
      // Tied arrays are written once.
      monitor.expect(bytes: plan.dataByteCount)
      try plan.write(to: path, thatExists: true, durability: options.durability, monitor: monitor)
    }
  }
}
