import Coppice
import CoppiceCore
import CoppiceFiles
import CoppiceFormat
package import CoppiceModel
import CoppiceStorage
import SystemPackage

/// The writer of Coppice's own format.
package struct CoppiceFormatWriter: BuiltInFormatWriter {
  package let name = CheckpointReader.formatName
  package let abilities = FormatAbilities(
    Set(FormatAbilities.Feature.allCases).subtracting([.tiedArrays]), dtypes: DType.allCases,
    compressions: [.zstd], splits: true,
    shards: true, chunks: true)
  package let checksElements = true
  package let isDivided = true

  package init() {}

  package func plan(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> OutputPlan {
    var writing = options.coppice
    if let maximum = options.maximumFileBytes { writing.tree.maximumFileBytes = maximum }
    switch options.compression {
    case CompressionChoice.uncompressed?: writing.tree.zstdLevel = nil
    case .zstd(let level)?: writing.tree.zstdLevel = level ?? 1
    // The format has no such chunks: the options were checked against its abilities.
    case .gzip?, nil: break
    }
    if !options.chunks.isEmpty, writing.tree.zstdLevel == nil {
      throw CoppiceError(
        .usageChoice,
        "\(name) has chunks of compressed arrays only; set `compression` to zstd, or leave `chunks` out"
      )
    }
    if let dataFiles = options.dataFiles { writing.tree.dataFiles = dataFiles }
    if !options.shards.isEmpty {
      writing.tree.shards = { (path, metadata) in
        options.boxes(at: path, metadata.shape).map { Array($0) }
      }
    }
    if !options.chunks.isEmpty {
      writing.tree.chunkShapes = { (path, metadata) in options.chunk(at: path, metadata.shape) }
    }
    return try OutputPlan(try contents.whole(), options: writing)
  }

  package func planRun(
    rootMetadata: JSON?, options: OutputOptions
  ) throws(CoppiceError) -> RunPlan? {
    let document = RunDocument(metadata: rootMetadata ?? .object([]))
    return RunPlan(documents: [.init(path: RunDocument.fileName, bytes: try document.encoded())])
  }
}

extension FormatWriter where Self == CoppiceFormatWriter {
  package static var coppice: Self { CoppiceFormatWriter() }
}

extension OutputPlan {
  /// Makes the plan for a checkpoint of Coppice's own format, which holds everything a checkpoint can
  /// have.
  fileprivate init(
    _ contents: CheckpointContents, options: WriteOptions
  ) throws(CoppiceError) {
    let items: [NamedCheckpointable] =
      switch contents.root {
      case .named(let items): items
      case .unnamed(let item): [.init(options.nameOfUnnamed, item)]
      }
    var leaves: [PlannedArray] = []
    var files = [PlannedFile(CheckpointReader.documentName)]
    for item in items {
      let value = try item.value
      leaves += try PlannedArray.all(of: value, in: item.name, options.tree)
      files += try Self.files(
        of: value, in: CheckpointWriter.directoryName(of: item.name) + "/", options.tree)
    }
    var notes =
      options.tree.zstdLevel == nil || leaves.isEmpty
      ? []
      : [
        ConversionNote(
          .compression,
          "plain HDF5 tools need the zstd filter to read these arrays: hdf5plugin for h5py, "
            + "HDF5_PLUGIN_PATH for h5dump")
      ]
    if let limit = options.tree.maximumFileBytes { notes.addOversize(leaves, limit: limit) }
    self.init(isDirectory: true, leaves: leaves, files: files, notes: notes) {
      (output, monitor) throws(CoppiceError) in
      try CheckpointWriter.fill(output, with: contents, options: options, monitor: monitor)
    }
    divided = { (group) throws(CoppiceError) in
      try GroupCheckpointWriter(contents, options: options, group: group)
    }
  }

  private static func files(
    of item: Checkpointable, in directory: String, _ options: TreeWriteOptions
  ) throws(CoppiceError) -> [PlannedFile] {
    switch item {
    case .tree(let tree):
      var bytes = 0
      tree.forEachLeaf { bytes += $0.byteCount }
      let document = PlannedFile(directory + CheckpointReader.treeDocumentName)
      // One data file needs no plan of the tree, which takes time for large ones.
      let isDivided = options.dataFiles > 1 || options.maximumFileBytes != nil
      let count = isDivided ? try TreeWriter.dataFileCount(of: tree, options: options) : 1
      guard count > 1 else {
        return [
          document,
          PlannedFile(directory + "arrays.h5", byteCount: tree.leafCount == 0 ? nil : bytes),
        ]
      }
      return [document]
        + (0..<count).flatMap { number in
          let index = number > 0 ? [PlannedFile(directory + DataFile.indexName(number))] : []
          return [PlannedFile(directory + DataFile.name(number))] + index
        }
    case .json: return [PlannedFile(directory + "data.json")]
    case .files(let files):
      return files.map { PlannedFile(directory + $0.path, byteCount: $0.bytes.byteCount) }
    case .composite(let items):
      var files: [PlannedFile] = []
      for item in items {
        let inner = directory + CheckpointWriter.directoryName(of: item.name) + "/"
        files += try self.files(of: try item.value, in: inner, options)
      }
      return files
    }
  }
}

extension PlannedArray {
  /// Returns all arrays of a checkpointable, for a format that leaves none out.
  fileprivate static func all(
    of item: Checkpointable, in name: String, _ options: TreeWriteOptions
  ) throws(CoppiceError) -> [PlannedArray] {
    var leaves: [PlannedArray] = []
    switch item {
    case .tree(let tree):
      let dividesLeaves = options.shards != nil || options.chunkShapes != nil
      let paths = dividesLeaves ? tree.leaves.map(\.path) : []
      var count = 0
      _ = try tree.mapLeavesByText { (path, leaf) throws(CoppiceError) in
        let metadata = try leaf.metadata
        var planned = PlannedArray(
          checkpointable: name, path: path, dtype: metadata.dtype, shape: metadata.shape)
        if dividesLeaves {
          let boxes = options.shards?(paths[count], metadata) ?? []
          planned.shards =
            boxes.isEmpty ? nil : try ShardGrid(boxes, of: metadata.shape).counts
          planned.chunk = options.chunkShapes?(paths[count], metadata)
        }
        count += 1
        leaves.append(planned)
      }
    case .json, .files: break
    case .composite(let items):
      for item in items {
        leaves += try all(of: try item.value, in: name + "/" + item.name, options)
      }
    }
    return leaves
  }
}

extension [ConversionNote] {
  /// Adds notes about arrays of which a box alone needs a data file that is larger than the limit.
  fileprivate mutating func addOversize(_ leaves: [PlannedArray], limit: Int) {
    let overhead = TreeWriteOptions.fileOverheadBytes + TreeWriteOptions.datasetOverheadBytes
    for leaf in leaves {
      let counts = leaf.shards ?? leaf.shape.dimensions.map { _ in 1 }
      let bytes = zip(leaf.shape.dimensions, counts).reduce(leaf.dtype.width) {
        $0 * (($1.0 + $1.1 - 1) / $1.1)
      }
      if bytes + overhead > limit { addOversize(bytes, limit: limit, at: leaf.path) }
    }
  }
}
