import CoppiceFiles
import CoppiceFlax
package import CoppiceModel
import SystemPackage

/// The writer of files as `flax.serialization.to_bytes` makes them, and of runs as
/// `save_checkpoint` does.
package struct FlaxFormatWriter: BuiltInFormatWriter {
  package let name = FlaxMsgpack.formatName
  package let abilities = FormatAbilities(
    [
      .nesting, .emptyContainers, .numbers, .complexNumbers, .strings, .bytes, .none, .emptyArrays,
      .steps,
    ],
    dtypes: DType.allCases)
  package let nameEndings = [".msgpack"]

  package init() {}

  package func plan(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> OutputPlan {
    let single = try SingleTree(of: contents, for: name)
    let plan = try FlaxPlan(single.tree)
    var notes = plan.notes + single.notes
    if contents.step != nil { notes.append(.init(.metadata, "the step is left out")) }
    if contents.custom != nil {
      notes.append(.init(.metadata, "the custom metadata were left out"))
    }
    if contents.initTime != nil || contents.commitTime != nil {
      notes.append(.init(.metadata, "the times of saving were left out"))
    }
    return OutputPlan(
      fileOf: plan.byteCount, leaves: plan.leaves.map { PlannedArray($0.treePath, $0.source) },
      notes: notes
    ) { (path, monitor) throws(CoppiceError) in
      try plan.write(
        to: try OutputFile(at: path, creating: false), durability: options.durability,
        monitor: monitor)
    }
  }

  /// The step is in the name of the file.
  package func planStep(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> OutputPlan {
    var contents = contents
    contents.step = nil
    return try plan(contents, options: options)
  }

  package func planRun(
    rootMetadata: JSON?, options: OutputOptions
  ) throws(CoppiceError) -> RunPlan? {
    let notes: [ConversionNote] =
      rootMetadata == nil ? [] : [.init(.metadata, "the metadata of the run were left out")]
    return RunPlan(notes: notes) { "checkpoint_\($0)" }
  }
}
