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
    let files = try writeFiles(&plan, into: directory, options, monitor)
    return try writeDocument(plan, files, into: directory, options)
  }

  /// Returns the number of data files that a tree would have, `arrays.h5` among them.
  ///
  /// It takes about as long as planning the tree's save; no elements are read.
  ///
  /// - Throws: The errors of trees that the format can't represent.
  package static func dataFileCount(
    of tree: Tree<ArrayLeaf>, options: TreeWriteOptions
  ) throws(CoppiceError) -> Int {
    try TreePlan(tree, layout: nil, options: options).document.placedFileCount
  }

  /// A data file that was written.
  struct WrittenFile: Sendable {
    /// The record for the tree document, with that of the file's own index document.
    var record: DataFile
    /// The places of its blocks.
    var index: FileIndex
  }

  /// Writes the tree document.
  ///
  /// - Parameter files: All data files by number.
  static func writeDocument(
    _ plan: TreePlan, _ files: [WrittenFile], into directory: FilePath, _ options: TreeWriteOptions
  ) throws(CoppiceError) -> Result {
    var document = plan.document
    document.files = files.map(\.record)
    document.index = files.first?.index ?? FileIndex()
    let record = try write(
      document.encoded(structure: plan.structure), named: CheckpointableEntry.treeFileName,
      into: directory, options)
    return Result(document: record, features: document.features)
  }

  /// Writes the data files of a plan, each with its index document.
  static func writeFiles(
    _ plan: inout TreePlan, into directory: FilePath, _ options: TreeWriteOptions,
    _ monitor: OperationMonitor
  ) throws(CoppiceError) -> [WrittenFile] {
    let skeleton = try HDF5Skeleton(&plan, in: directory)
    let paths = plan.files.map { directory.appending(DataFile.name($0.number)) }
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
    for (plan, path) in zip(plan.files, paths) {
      let file = try OutputFile(
        at: path, creating: false, bypassingCache: options.durability == .durable)
      let end = plan.blockEnd
      // Allocating blocks at once costs less than allocating them while writing.
      if end >= 1 << 20 { try file.takeBlocks(byteCount: end) }
      files.append(file)
    }
    let writer = BlockWriter(
      plan: plan, files: files, monitor: monitor, isDurable: options.durability == .durable)
    plan.take(try writer.run())
    if options.durability == .durable {
      try ParallelWork.run(count: files.count) { [files] (index) throws(CoppiceError) in
        try files[index].sync()
      }
    }
    var written: [WrittenFile] = []
    for (plan, path) in zip(plan.files, paths) {
      let file = try InputFile(opening: path)
      let digest = try StructureDigest.take(of: file, outside: plan.blocks.places)
      let index = FileIndex(structureDigest: digest, blocks: plan.blocks)
      var record = DataFile(size: file.byteCount)
      if plan.number > 0 {
        record.index = try write(
          IndexDocument(index).encoded(), named: DataFile.indexName(plan.number), into: directory,
          options)
      }
      written.append(WrittenFile(record: record, index: index))
    }
    return written
  }

  /// Writes a document.
  ///
  /// - Throws: `file.too-large`, `io.*`.
  private static func write(
    _ bytes: [UInt8], named name: String, into directory: FilePath, _ options: TreeWriteOptions
  ) throws(CoppiceError) -> FileRecord {
    guard bytes.count <= ReadLimits.standard.documentBytes else {
      throw CoppiceError(
        .fileTooLarge,
        "the tree needs a document of \(bytes.count) bytes; readers accept at most "
          + "\(ReadLimits.standard.documentBytes)", at: .init(file: name))
    }
    try OutputFile.create(directory.appending(name), holding: bytes, durability: options.durability)
    return FileRecord(path: name, size: bytes.count, digest: Digest(of: bytes))
  }

  private static func writeChunks(
    _ plan: inout TreePlan, _ writer: ChunkWriter
  ) throws(CoppiceError) {
    let skeleton = writer.skeleton
    plan.take(try writer.write())
    try skeleton.flush()
    for index in plan.files.indices {
      for unit in plan.files[index].units {
        guard case .chunked(let layout) = plan.document.leaves[unit.ordinal].storage,
          let grid = layout.grid(of: unit.box)
        else { continue }
        let chunks = try skeleton.withDataset(plan, unit) { (dataset) throws(HDF5Error) in
          try dataset.chunks(limit: grid.cellCount)
        }
        for chunk in chunks {
          plan.files[index].blocks.place(
            unit.firstRow + grid.cell(holding: chunk.offset.map { Int($0) }),
            offset: Int(chunk.range.offset), size: Int(chunk.range.byteCount))
        }
      }
    }
  }
}

/// The digest of a block that was written.
struct WrittenBlock: Sendable {
  /// The index of the data file among those that are written.
  var file: Int
  /// The row of the file's blocks.
  var row: Int
  var digest: Digest
}

extension TreePlan {
  /// Records the digests of blocks.
  fileprivate mutating func take(_ written: [WrittenBlock]) {
    for block in written { files[block.file].blocks.digest[block.row] = block.digest.bits }
  }
}
