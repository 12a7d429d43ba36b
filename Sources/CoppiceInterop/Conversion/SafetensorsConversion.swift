import Coppice
import CoppiceModel
import FileAccess
import Safetensors
import SystemPackage

/// Writes safetensors files on all processors.
enum SafetensorsConversion {
  private static let pieceBytes = 8 << 20

  static func write(
    _ contents: CheckpointContents, to target: FilePath, _ options: ConversionOptions,
    _ monitor: OperationMonitor
  ) throws(CoppiceError) -> [ConversionNote] {
    var single = contents
    let chosen = try TreeChoice.choose(from: contents.root)
    single.root = .unnamed(chosen.value)
    var planning = SafetensorsPlan.Options()
    planning.maximumFileBytes = options.maximumFileBytes
    let plan = try SafetensorsPlan(writing: single, options: planning)
    monitor.expect(bytes: plan.leaves.reduce(0) { $0 + $1.byteCount })
    let isSet = plan.index != nil
    let staged = try StagedOutput(
      isSet ? .directory : .file, for: target, replacing: options.writing.isReplacing)
    defer { staged.discard() }
    var files: [OutputFile] = []
    for file in plan.files {
      let output =
        isSet
        ? try OutputFile(at: staged.path.appending(file.name))
        : try OutputFile(at: staged.path, creating: false)
      try output.reserve(byteCount: file.byteCount)
      try output.write(file.header, at: 0)
      files.append(output)
    }
    let durability = options.writing.durability
    let width = ParallelWork.streamCount
    try ParallelWork.run(count: plan.leaves.count, width: width) {
      [files] (index) throws(CoppiceError) in
      let leaf = plan.leaves[index]
      try copy(leaf, to: files[leaf.file], durability, monitor)
    }
    if durability == .durable { for file in files { try file.sync() } }
    if let index = plan.index {
      try OutputFile.create(
        staged.path.appending(index.name), holding: index.bytes, durability: durability)
    }
    try monitor.checkCancellation()
    try staged.commit(durability: durability)
    return plan.notes + leftOut(contents, besides: chosen.name)
  }

  private static func copy(
    _ leaf: SafetensorsPlan.Leaf, to file: OutputFile, _ durability: Durability,
    _ monitor: OperationMonitor
  ) throws(CoppiceError) {
    var offset = leaf.offset
    do throws(CoppiceError) {
      try leaf.source.forEachPiece(ofAtMost: pieceBytes) { (piece) throws(CoppiceError) in
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

  /// What the checkpoint holds beside the one tree.
  private static func leftOut(
    _ contents: CheckpointContents, besides chosen: String?
  ) -> [ConversionNote] {
    var notes: [ConversionNote] = []
    if case .named(let items) = contents.root, items.count > 1 {
      let others = items.filter { $0.name != chosen }
      notes.append(
        .init(
          .part,
          "safetensors holds one tree, here \"\(chosen ?? "")\"; left out: "
            + TreeChoice.list(others)))
    }
    if contents.metrics != nil { notes.append(.init(.metadata, "the metrics were left out")) }
    return notes
  }
}
