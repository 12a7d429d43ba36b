import CoppiceFiles
import CoppiceModel
import CoppiceSafetensors
import SystemPackage

/// The writer of safetensors files, and of sets of them with an index.
package struct SafetensorsFormatWriter: BuiltInFormatWriter {
  package let name = "safetensors"
  package let abilities = FormatAbilities(
    [.emptyArrays, .customMetadata],
    dtypes: [
      .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float16, .bfloat16,
      .float32, .float64, .float8_e4m3fn, .float8_e5m2, .float8_e4m3fnuz, .float8_e5m2fnuz,
      .float8_e8m0fnu, .complex64,
    ], splits: true)
  package let nameEndings = [".safetensors"]

  package init() {}

  package func plan(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> OutputPlan {
    let single = try SingleTree(of: contents, for: name)
    var planning = SafetensorsPlan.Options()
    planning.maximumFileBytes = options.maximumFileBytes
    let plan = try SafetensorsPlan(writing: single.tree, of: single.contents, options: planning)
    var files = plan.files.map {
      PlannedFile(plan.index == nil ? "" : $0.name, byteCount: $0.byteCount)
    }
    if let index = plan.index {
      files.append(PlannedFile(index.name, byteCount: index.bytes.count))
    }
    let leaves = plan.leaves.map { PlannedArray($0.treePath, $0.source) }
    return OutputPlan(
      isDirectory: plan.index != nil, leaves: leaves, files: files,
      notes: plan.notes + single.notes
    ) { (path, monitor) throws(CoppiceError) in
      monitor.expect(bytes: leaves.reduce(0) { $0 + $1.byteCount })
      try plan.write(to: path, thatExists: true, durability: options.durability, monitor: monitor)
    }
  }
}

extension FormatWriter where Self == SafetensorsFormatWriter {
  package static var safetensors: Self { SafetensorsFormatWriter() }
}
