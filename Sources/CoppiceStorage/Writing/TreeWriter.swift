import CoppiceFiles
package import CoppiceFormat
import CoppiceHDF5
package import CoppiceModel
package import SystemPackage

/// A writer of trees into directories: HDF5 files and `tree.json`.
package enum TreeWriter {
  /// The result of writing a tree.
  package struct Result: Sendable {
    /// The record of `tree.json` for the root document.
    package var document: FileRecord
    /// The features that a reader needs.
    package var features: Set<Feature>
  }

  /// Writes a tree.
  ///
  /// - Parameter directory: An existing directory without files of these names.
  /// - Throws: `io.*`; `operation.cancelled`; the errors of the sources; `arrays.bad-element` for
  ///   elements that aren't valid for their dtype; `model.*`, `arrays.*`, `sharding.*` and
  ///   `file.too-large` for trees that the format can't represent.
  package static func write(
    _ tree: Tree<ArrayLeaf>, into directory: FilePath, options: TreeWriteOptions,
    monitor: OperationMonitor
  ) throws(CoppiceError) -> Result {
    var plan = try TreePlan(tree, options: options)
    monitor.expect(bytes: plan.sources.reduce(0) { $0 + $1.byteCount })
    let skeleton = try HDF5Skeleton(&plan, in: directory)
    let paths = (0..<plan.fileCount).map { directory.appending(ArraysFile.name($0)) }
    if plan.hasChunks {
      var durableFiles: [OutputFile] = []
      for path in paths where options.durability == .durable {
        durableFiles.append(try OutputFile(at: path, creating: false))
      }
      try writeChunks(
        &plan,
        ChunkWriter(
          plan: plan, skeleton: skeleton, monitor: monitor, durableFiles: durableFiles))
    }
    // libhdf5 has closed the files, so blocks can be written between its structures.
    try skeleton.close()
    var files: [OutputFile] = []
    for (index, path) in paths.enumerated() {
      let file = try OutputFile(
        at: path, creating: false, bypassingCache: options.durability == .durable)
      let end = plan.blockEnd(inFile: index)
      // Allocating blocks at once costs less than allocating them while writing.
      if end >= 1 << 20 { try file.takeBlocks(byteCount: end) }
      files.append(file)
    }
    let writer = BlockWriter(
      plan: plan, files: files, monitor: monitor, isDurable: options.durability == .durable)
    for (row, digest) in try writer.run() { plan.document.blocks.digest[row] = digest.bits }
    if options.durability == .durable {
      try ParallelWork.run(count: files.count) { [files] (index) throws(CoppiceError) in
        try files[index].sync()
      }
    }
    plan.document.files = try describe(paths, plan.document.blocks)
    let bytes = plan.document.encoded(structure: plan.structure)
    guard bytes.count <= ReadLimits.standard.documentBytes else {
      throw CoppiceError(
        .fileTooLarge,
        "the tree needs a document of \(bytes.count) bytes; readers accept at most "
          + "\(ReadLimits.standard.documentBytes)")
    }
    let name = CheckpointableEntry.treeFileName
    try OutputFile.create(
      directory.appending(name), holding: bytes, durability: options.durability)
    return Result(
      document: FileRecord(path: name, size: bytes.count, digest: Digest(of: bytes)),
      features: plan.document.features)
  }

  private static func writeChunks(
    _ plan: inout TreePlan, _ writer: ChunkWriter
  ) throws(CoppiceError) {
    let skeleton = writer.skeleton
    for (row, digest) in try writer.write() { plan.document.blocks.digest[row] = digest.bits }
    try skeleton.flush()
    for unit in plan.units {
      guard case .chunked(let layout) = plan.document.leaves[unit.ordinal].storage,
        let grid = layout.grid(of: unit.box)
      else { continue }
      let chunks = try skeleton.withDataset(plan, unit) { (dataset) throws(HDF5Error) in
        try dataset.chunks(limit: grid.cellCount)
      }
      for chunk in chunks {
        plan.document.blocks.place(
          unit.firstRow + grid.cell(holding: chunk.offset.map { Int($0) }), file: unit.file,
          offset: Int(chunk.range.offset), size: Int(chunk.range.byteCount))
      }
    }
  }

  private static func describe(
    _ paths: [FilePath], _ blocks: BlockColumns
  ) throws(CoppiceError) -> [ArraysFile] {
    var places = Array(repeating: [(offset: Int, size: Int)](), count: paths.count)
    for row in 0..<blocks.count {
      places[blocks.file[row]].append((blocks.offset[row], blocks.size[row]))
    }
    var files: [ArraysFile] = []
    for (index, path) in paths.enumerated() {
      let file = try InputFile(opening: path)
      files.append(
        ArraysFile(
          name: ArraysFile.name(index), size: file.byteCount,
          structureDigest: try StructureDigest.take(of: file, outside: places[index])))
    }
    return files
  }
}
