import CoppiceFormat
import CoppiceModel

/// The layout of a tree on disk, planned before the first byte is written.
struct TreePlan: Sendable {
  /// The document; the files are filled in when they are written.
  var document: TreeDocument
  /// The encoded document without the files, as HDF5 stores it.
  let structure: [UInt8]
  /// The escaped path of each leaf.
  var paths: [String] = []
  var sources: [any ArraySource] = []
  /// The zstd level of each leaf; `nil` for one without compression.
  var levels: [Int?] = []
  /// The data files to write: all of them, or those of one process.
  var files: [DataFilePlan] = []

  /// The longest path that a packed leaf may have.
  static let maximumPackedPath = 512

  /// Plans a tree, with all of its data files.
  init(_ tree: Tree<ArrayLeaf>, options: TreeWriteOptions) throws(CoppiceError) {
    try self.init(tree, layout: nil, options: options)
    try plan(files: 0..<document.placedFileCount)
  }

  /// Plans a tree that the ranks of a group write together; the files of each are planned later.
  ///
  /// - Parameter layout: The rank of each box; `nil` distributes boxes over files of one process.
  init(
    _ tree: Tree<ArrayLeaf>, layout: GroupLayout?, options: TreeWriteOptions
  ) throws(CoppiceError) {
    try TreeCheck.run(tree)
    var shardings: [Sharding] = []
    var shardingIndex: [Sharding: Int] = [:]
    var leaves = LeafTable()
    var paths: [String] = []
    var sources: [any ArraySource] = []
    var levels: [Int?] = []
    let isPacking =
      options.packing.map { $0.packs(tree, fileBytes: options.maximumFileBytes) } ?? false
    let needsPaths =
      options.shards != nil || options.zstdLevels != nil || options.chunkShapes != nil
    let treePaths = needsPaths ? tree.leaves.map(\.path) : []
    let structure = try tree.mapLeavesByText { (path, leaf) throws(CoppiceError) in
      let text = LeafPlace.path(of: path)
      let (metadata, source) = (try leaf.metadata, try leaf.source)
      let grid: ShardGrid?
      do throws(CoppiceError) {
        grid =
          if let planned = layout?.grids[leaves.count] { planned } else {
            try options.grid(metadata) { treePaths[leaves.count] }
          }
      } catch {
        throw error.located(treePath: text)
      }
      let level = options.zstdLevels.map { $0(treePaths[leaves.count]) } ?? options.zstdLevel
      var record = try Self.record(
        metadata, byteCount: source.byteCount, grid, level,
        chunk: options.chunkShapes.flatMap { $0(treePaths[leaves.count], metadata) }, at: text,
        isPacking: isPacking, options: options)
      levels.append(level)
      if let sharding = metadata.sharding {
        record.sharding = shardingIndex[sharding] ?? shardings.count
        if shardingIndex.updateValue(record.sharding ?? 0, forKey: sharding) == nil {
          shardings.append(sharding)
        }
      }
      leaves.append(record)
      paths.append(text)
      sources.append(options.source(source))
      return leaves.count - 1
    }
    var document = TreeDocument(tree: structure, leaves: leaves, shardings: shardings)
    let fileCount = layout.map { document.place($0) } ?? document.place(options)
    document.pieceSize = Self.pieceSize(leaves, fileCount: fileCount, options)
    let mostMappings = options.maximumFileBytes.map { $0 / TreeWriteOptions.viewMappingBytes }
    document.hasGlobalViews =
      document.viewMappings <= min(options.mostViewMappings, mostMappings ?? .max)
    self.paths = paths
    self.sources = sources
    self.levels = levels
    self.document = document
    self.structure = document.encodedStructure()
  }

  /// Takes the plan that another rank made of the same tree.
  ///
  /// - Parameter structure: The other plan's structure.
  /// - Throws: The errors of a document that can't be read.
  init(
    _ tree: Tree<ArrayLeaf>, structure: [UInt8], options: TreeWriteOptions
  ) throws(CoppiceError) {
    document = try TreeDocument(parsingStructure: structure, file: "the plan of rank 0")
    self.structure = structure
    let needsPaths = options.zstdLevels != nil
    let treePaths = needsPaths ? tree.leaves.map(\.path) : []
    _ = try tree.mapLeavesByText { (path, leaf) throws(CoppiceError) in
      levels.append(options.zstdLevels.map { $0(treePaths[levels.count]) } ?? options.zstdLevel)
      paths.append(LeafPlace.path(of: path))
      sources.append(options.source(try leaf.source))
      return 0
    }
  }

  /// Plans the data files of some numbers, which ascend.
  mutating func plan(files numbers: some Sequence<Int>) throws(CoppiceError) {
    for (index, number) in numbers.enumerated() {
      files.append(try DataFilePlan(number, at: index, of: document))
    }
  }

  /// Returns the piece size; `nil` where no box needs to be divided.
  private static func pieceSize(
    _ leaves: LeafTable, fileCount: Int, _ options: TreeWriteOptions
  ) -> Int? {
    var isCut = leaves.kinds.map { _ in false }
    for (kind, leaf) in leaves.kinds.enumerated() where leaf.storage == .contiguous {
      let bytes = leaf.boxes.largestShape.elementCount * leaf.dtype.width
      isCut[kind] = bytes > options.pieceBytes
    }
    var total = 0
    for ordinal in leaves.indices where isCut[leaves.kind(of: ordinal)] {
      let leaf = leaves.kinds[leaves.kind(of: ordinal)]
      total += leaf.shape.elementCount * leaf.dtype.width
    }
    guard total > 0 else { return nil }
    // All but the first of several files hold data.
    let most = options.pieceBytes * TreeWriteOptions.mostPieces * max(fileCount - 1, 1)
    return options.pieceBytes * ((total + most - 1) / most)
  }

  private static func record(
    _ metadata: ArrayMetadata, byteCount bytes: Int, _ grid: ShardGrid?, _ level: Int?,
    chunk: Shape?, at text: String, isPacking: Bool, options: TreeWriteOptions
  ) throws(CoppiceError) -> LeafRecord {
    let shape = metadata.shape
    var record = LeafRecord(dtype: metadata.dtype, shape: shape, storage: .contiguous)
    record.prng = metadata.prngImplementation
    guard shape.elementCount > 0 else {
      record.storage = .none
      return record
    }
    record.shards = grid
    if level != nil, shape.rank > 0, bytes >= minimumChunkedBytes || chunk != nil {
      record.storage = .chunked(chunkLayout(record, chunk, limit: options.chunkBytes))
    } else if isPacking, record.shards == nil, bytes < (options.packing?.leafBytes ?? 0),
      text.utf8.count <= maximumPackedPath
    {
      record.storage = .packed
    }
    return record
  }

  /// The smallest leaf that is chunked; smaller ones aren't worth a chunk of their own.
  private static let minimumChunkedBytes = 4096

  private static func chunkLayout(_ record: LeafRecord, _ chosen: Shape?, limit: Int) -> ChunkLayout
  {
    // Chunks fit the largest shard; a smaller one has smaller chunks.
    let largest = record.boxes.largestShape
    let bands = ContiguousSlabs(of: largest, width: record.dtype.width, limit: limit)
    let extents =
      chosen.map { zip($0.dimensions, largest.dimensions).map { min($0, $1) } } ?? bands.bandShape
    return ChunkLayout(shape: Shape(extents) ?? largest, isShuffled: record.dtype.width > 1)
  }
}

extension TreePlan {
  /// The bytes of all elements in the planned files.
  var plannedBytes: Int {
    var count = 0
    for unit in files.flatMap(\.units) {
      count += unit.box.shape.elementCount * document.leaves[unit.ordinal].dtype.width
    }
    for pack in files.flatMap(\.packs) {
      for member in pack.members { count += sources[member.ordinal].byteCount }
    }
    return count
  }

  /// Whether any leaf is stored in chunks.
  var hasChunks: Bool {
    document.leaves.kinds.contains { if case .chunked = $0.storage { true } else { false } }
  }

  /// Returns whether a leaf's dataset at the tree path stores its one box.
  func isAtPath(_ ordinal: Int) -> Bool { document.leaves[ordinal].isAtPath }

  /// Returns the source of a unit's elements.
  func source(of unit: DataFilePlan.StorageUnit) throws(CoppiceError) -> any ArraySource {
    try sources[unit.ordinal].source(of: unit.box)
  }

  /// Returns the path of a unit's dataset in its file.
  func datasetPath(_ unit: DataFilePlan.StorageUnit) -> String {
    isAtPath(unit.ordinal) ? paths[unit.ordinal] : LeafPlace.shardPath(unit.ordinal, unit.index)
  }
}

extension TreeWriteOptions {
  /// Returns the grid in which an array is stored; `nil` stores it whole.
  func grid(
    _ metadata: ArrayMetadata, at path: () -> TreePath
  ) throws(CoppiceError) -> ShardGrid? {
    guard let shards, metadata.shape.elementCount > 0, let boxes = shards(path(), metadata) else {
      return nil
    }
    return try ShardGrid(boxes, of: metadata.shape)
  }

  /// Returns the source from which a leaf is written.
  fileprivate func source(_ source: any ArraySource) -> any ArraySource {
    boolValues == .normalize ? NormalizedBoolSource(source) ?? source : source
  }
}
