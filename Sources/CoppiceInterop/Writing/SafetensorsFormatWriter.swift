import CoppiceFiles
package import CoppiceModel
import CoppiceSafetensors
import SystemPackage

/// Writes safetensors files, and sets of them with an index.
package struct SafetensorsFormatWriter: FormatWriter {
  package let name = "safetensors"
  package let abilities = FormatAbilities(
    [.emptyArrays, .customMetadata],
    dtypes: [
      .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float16, .bfloat16,
      .float32, .float64, .float8_e4m3fn, .float8_e5m2, .float8_e4m3fnuz, .float8_e5m2fnuz,
      .float8_e8m0fnu, .complex64,
    ])
  package let choices = OutputChoices(splits: true)
  package let nameEndings = [".safetensors"]

  package init() {}

  package func plan(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> any OutputPlan {
    let single = try SingleTree(of: contents, for: name)
    var planning = SafetensorsPlan.Options()
    planning.maximumFileBytes = options.maximumFileBytes
    var plan = try SafetensorsPlan(writing: single.contents, options: planning)
    plan.notes += single.notes
    return SafetensorsOutputPlan(plan: plan, durability: options.durability)
  }
}

extension FormatWriter where Self == SafetensorsFormatWriter {
  package static var safetensors: Self { SafetensorsFormatWriter() }
}

/// Safetensors files with everything settled but the data.
private struct SafetensorsOutputPlan: OutputPlan {
  private static let pieceBytes = 8 << 20

  let plan: SafetensorsPlan
  let durability: Durability

  var kind: StagedOutput.Kind { plan.index == nil ? .file : .directory }
  var notes: [ConversionNote] { plan.notes }

  var leaves: [PlannedArray] { plan.leaves.map { PlannedArray($0.treePath, $0.source) } }

  var files: [PlannedFile] {
    let isSet = plan.index != nil
    let files = plan.files.map { PlannedFile(isSet ? $0.name : "", byteCount: $0.byteCount) }
    return files + (plan.index.map { [PlannedFile($0.name, byteCount: $0.bytes.count)] } ?? [])
  }

  func write(to output: FilePath, monitor: OperationMonitor) throws(CoppiceError) {
    monitor.expect(bytes: plan.leaves.reduce(0) { $0 + $1.byteCount })
    var files: [OutputFile] = []
    for file in plan.files {
      let target =
        kind == .directory
        ? try OutputFile(at: output.appending(file.name))
        : try OutputFile(at: output, creating: false)
      try target.reserve(byteCount: file.byteCount)
      try target.write(file.header, at: 0)
      files.append(target)
    }
    try ParallelWork.run(count: plan.leaves.count, width: ParallelWork.streamCount) {
      [files] (index) throws(CoppiceError) in
      let leaf = plan.leaves[index]
      try copy(leaf, to: files[leaf.file], monitor)
    }
    if durability == .durable { for file in files { try file.sync() } }
    guard let index = plan.index else { return }
    try OutputFile.create(
      output.appending(index.name), holding: index.bytes, durability: durability)
  }

  private func copy(
    _ leaf: SafetensorsPlan.Leaf, to file: OutputFile, _ monitor: OperationMonitor
  ) throws(CoppiceError) {
    var offset = leaf.offset
    do throws(CoppiceError) {
      try leaf.source.forEachPiece(ofAtMost: Self.pieceBytes) { (piece) throws(CoppiceError) in
        guard piece.byteCount <= leaf.offset + leaf.byteCount - offset else {
          throw CoppiceError(.modelByteCount, "the array gave more bytes than it has")
        }
        try file.write(piece, at: offset)
        if durability == .durable { file.startWriteback(at: offset, count: piece.byteCount) }
        offset += piece.byteCount
        try monitor.advance(bytes: piece.byteCount)
      }
      guard offset == leaf.offset + leaf.byteCount else {
        throw CoppiceError(.modelByteCount, "the array gave fewer bytes than it has")
      }
    } catch {
      throw error.located(treePath: leaf.treePath.description)
    }
  }
}
