import CoppiceFormat
import CoppiceModel

/// The layout of a tree on disk, planned before the first byte is written.
struct TreePlan: Sendable {
  /// The document; files and blocks are filled in when their places are known.
  var document: TreeDocument
  /// The encoded document without files and blocks, as HDF5 stores it.
  let structure: [UInt8]
  /// The escaped path of each leaf.
  var paths: [String] = []
  var sources: [any ArraySource] = []
  /// The zstd level of each leaf; `nil` for one without compression.
  var levels: [Int?] = []
  /// The leaves and shards with datasets of their own.
  var units: [StorageUnit] = []
  /// The datasets that small leaves share, one per dtype.
  var packs: [Pack] = []
  var fileCount = 1
  var table: BlockTable

  /// A leaf, or one of its shards, with a dataset of its own.
  struct StorageUnit: Sendable {
    var ordinal: Int
    /// The index among the leaf's shards.
    var shard: Int
    var box: ArrayBox
    var file = 0
    /// The first row of the block index.
    var firstRow: Int
    var rowCount: Int
  }

  /// A dataset that small leaves of one dtype share.
  struct Pack: Sendable {
    var dtype: DType
    /// The leaves, each with the index of its first element in the dataset.
    var members: [(ordinal: Int, element: Int)] = []
    var elementCount = 0

    /// Appends a leaf at the next aligned element.
    mutating func append(_ ordinal: Int, elementCount count: Int) {
      let step = TreePlan.packAlignment / dtype.width
      let element = (elementCount + step - 1) / step * step
      members.append((ordinal, element))
      elementCount = element + count
    }
  }

  /// The alignment of packed blocks in bytes.
  static let packAlignment = 64

  /// The longest path that a packed leaf may have.
  static let maximumPackedPath = 512

  init(_ tree: Tree<ArrayLeaf>, options: TreeWriteOptions) throws(CoppiceError) {
    try TreeCheck.run(tree)
    var shardings: [Sharding] = []
    var shardingIndex: [Sharding: Int] = [:]
    var leaves = LeafTable()
    var paths: [String] = []
    var sources: [any ArraySource] = []
    var levels: [Int?] = []
    let isPacking = options.packing.map { tree.leafCount > $0.leafCount } ?? false
    let needsPaths = options.shards != nil || options.zstdLevels != nil
    let treePaths = needsPaths ? tree.leaves.map(\.path) : []
    let structure = try tree.mapLeavesByText { (path, leaf) throws(CoppiceError) in
      let text = LeafPlace.path(of: path)
      let (metadata, source) = (try leaf.metadata, try leaf.source)
      let boxes = options.shards.flatMap { $0(treePaths[leaves.count], metadata) }
      let level = options.zstdLevels.map { $0(treePaths[leaves.count]) } ?? options.zstdLevel
      var record = try Self.record(
        metadata, byteCount: source.byteCount, boxes, level, at: text, isPacking: isPacking,
        options: options)
      levels.append(level)
      if let sharding = metadata.sharding {
        record.sharding = shardingIndex[sharding] ?? shardings.count
        if shardingIndex.updateValue(record.sharding ?? 0, forKey: sharding) == nil {
          shardings.append(sharding)
        }
      }
      leaves.append(record)
      paths.append(text)
      let normalized = options.boolValues == .normalize ? NormalizedBoolSource(source) : nil
      sources.append(normalized ?? source)
      return leaves.count - 1
    }
    var document = TreeDocument(
      tree: structure, leaves: leaves, shardings: shardings, files: [], blocks: BlockColumns())
    document.pieceSize = Self.pieceSize(leaves, options)
    self.table = try BlockTable(document)
    self.paths = paths
    self.sources = sources
    self.levels = levels
    document.blocks.resize(to: table.count)
    self.document = document
    self.structure = document.encodedStructure()
    place()
    assignFiles(options)
  }

  /// Returns the piece size; `nil` where no box needs to be divided.
  private static func pieceSize(_ leaves: LeafTable, _ options: TreeWriteOptions) -> Int? {
    var isCut = leaves.kinds.map { _ in false }
    for (kind, leaf) in leaves.kinds.enumerated() where leaf.storage == .contiguous {
      isCut[kind] = leaf.boxes.contains {
        $0.shape.elementCount * leaf.dtype.width > options.pieceBytes
      }
    }
    var total = 0
    for ordinal in leaves.indices where isCut[leaves.kind(of: ordinal)] {
      let leaf = leaves.kinds[leaves.kind(of: ordinal)]
      total += leaf.shape.elementCount * leaf.dtype.width
    }
    guard total > 0 else { return nil }
    let most = options.pieceBytes * TreeWriteOptions.mostPieces
    return options.pieceBytes * ((total + most - 1) / most)
  }

  private static func record(
    _ metadata: ArrayMetadata, byteCount bytes: Int, _ boxes: [ArrayBox]?, _ level: Int?,
    at text: String,
    isPacking: Bool, options: TreeWriteOptions
  ) throws(CoppiceError) -> LeafRecord {
    let shape = metadata.shape
    var record = LeafRecord(dtype: metadata.dtype, shape: shape, storage: .contiguous)
    record.prng = metadata.prngImplementation
    guard shape.elementCount > 0 else {
      record.storage = .none
      return record
    }
    if let boxes {
      do {
        record.shards = try ShardGrid(boxes, of: shape)
      } catch {
        throw error.located(treePath: text)
      }
    }
    if level != nil, shape.rank > 0, bytes >= minimumChunkedBytes {
      record.storage = .chunked(chunkLayout(record, limit: options.chunkBytes))
    } else if isPacking, record.shards == nil, bytes < (options.packing?.leafBytes ?? 0),
      text.utf8.count <= maximumPackedPath
    {
      record.storage = .packed
    }
    return record
  }

  /// The smallest leaf that is chunked; smaller ones aren't worth a chunk of their own.
  private static let minimumChunkedBytes = 4096

  private static func chunkLayout(_ record: LeafRecord, limit: Int) -> ChunkLayout {
    // Chunks fit the largest shard; a smaller one has smaller chunks.
    let largest = record.boxes.largestShape
    let bands = ContiguousSlabs(of: largest, width: record.dtype.width, limit: limit)
    return ChunkLayout(
      shape: Shape(bands.bandShape) ?? largest, isShuffled: record.dtype.width > 1)
  }

  private mutating func place() {
    var packs: [DType: Pack] = [:]
    let leaves = document.leaves
    let elementCounts = leaves.kinds.map(\.shape.elementCount)
    for ordinal in leaves.indices {
      // Modified in place: copying the record or the members for each leaf would be slow.
      let kind = leaves.kind(of: ordinal)
      var row = table[ordinal].lowerBound
      switch leaves.kinds[kind].storage {
      case .none: continue
      case .packed:
        let dtype = leaves.kinds[kind].dtype
        packs[dtype, default: Pack(dtype: dtype)].append(
          ordinal, elementCount: elementCounts[kind])
      case .contiguous, .chunked:
        let leaf = leaves.kinds[kind]
        for (shard, box) in leaf.boxes.enumerated() {
          let count = table.count(of: box, leaf)
          units.append(
            StorageUnit(ordinal: ordinal, shard: shard, box: box, firstRow: row, rowCount: count))
          row += count
        }
      }
    }
    self.packs = packs.values.sorted { $0.dtype.rawValue < $1.dtype.rawValue }
    // libhdf5 aligns only datasets of at least this many bytes.
    for index in self.packs.indices {
      let least = HDF5Skeleton.alignedBytes / self.packs[index].dtype.width
      self.packs[index].elementCount = max(self.packs[index].elementCount, least)
    }
  }

  /// Distributes the units over data files: each goes to the file with the fewest bytes so far.
  private mutating func assignFiles(_ options: TreeWriteOptions) {
    let sizes = units.map { unit in
      unit.box.shape.elementCount * document.leaves[unit.ordinal].dtype.width
    }
    var count = options.dataFiles
    if let limit = options.maximumFileBytes {
      let total = sizes.reduce(0, +)
      count = max(count, (total + max(limit, 1) - 1) / max(limit, 1))
    }
    count = min(count, units.count)
    guard count > 1 else { return }
    var filled = Array(repeating: 0, count: count)
    for index in units.indices {
      guard let file = filled.indices.min(by: { filled[$0] < filled[$1] }) else { continue }
      filled[file] += sizes[index]
      units[index].file = file + 1
    }
    fileCount = count + 1
  }
}

extension TreePlan {
  /// Whether a leaf is stored in chunks.
  var hasChunks: Bool {
    document.leaves.kinds.contains { if case .chunked = $0.storage { true } else { false } }
  }

  /// Returns whether a unit's dataset lies at the leaf's own path rather than among the shards.
  func isAtPath(_ unit: StorageUnit) -> Bool {
    unit.file == 0 && document.leaves[unit.ordinal].shards == nil
  }

  /// Returns the end of the last block in a file.
  func blockEnd(inFile file: Int) -> Int {
    var end = 0
    for row in 0..<document.blocks.count where document.blocks.file[row] == file {
      end = max(end, document.blocks.offset[row] + document.blocks.size[row])
    }
    return end
  }

  /// Returns the path of a unit's dataset in its file.
  func datasetPath(_ unit: StorageUnit) -> String {
    isAtPath(unit) ? paths[unit.ordinal] : LeafPlace.shardPath(unit.ordinal, unit.shard)
  }
}

extension BlockColumns {
  fileprivate mutating func resize(to count: Int) {
    file = Array(repeating: 0, count: count)
    offset = file
    size = file
    digest = Array(repeating: 0, count: count)
  }
}
