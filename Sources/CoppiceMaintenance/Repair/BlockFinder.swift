import CoppiceFiles
import CoppiceFormat
import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel
import CoppiceStorage

/// A search for the blocks of a tree in its HDF5 files.
///
/// Spec: 4.6 to 4.8.
struct BlockFinder {
  private let structure: TreeDocument
  private let tables: [BlockTable]
  private let outlines: TreeOutlines
  private let paths: [String]
  private var packed: [PackedPlaces] = []

  /// The blocks found in each data file, without digests.
  private(set) var blocks: [BlockColumns]

  /// The leaves with a missing block, and the reason why it is missing.
  private(set) var lost: [(path: String, reason: String)] = []

  /// The least number of bytes that a block takes in a document: its digest, and a digit in each
  /// other column.
  private static let leastBlockBytes = 25

  /// Makes a search in the outlines of a tree's files.
  ///
  /// - Throws: `file.too-large` when the blocks don't fit into a document: a few bytes of HDF5 can
  ///   describe any number of pieces.
  init(
    _ structure: TreeDocument, _ outlines: TreeOutlines, limits: ReadLimits
  ) throws(CoppiceError) {
    self.structure = structure
    let count = structure.placedFileCount
    // Each file has a box, and no box is described without a file.
    var tables: [BlockTable] = []
    for number in 0..<count {
      let table = try BlockTable(structure, file: number)
      guard table.count <= limits.documentBytes / Self.leastBlockBytes else {
        throw CoppiceError(
          .fileTooLarge,
          "\(DataFile.name(number)) has \(table.count) blocks, more than a document that any reader "
            + "takes can list")
      }
      tables.append(table)
      packed.append(try PackedPlaces(outlines, in: number))
    }
    self.tables = tables
    self.outlines = outlines
    blocks = Array(repeating: BlockColumns(), count: count)
    paths = structure.tree.leaves.map { LeafPlace.path(of: $0.path) }
  }

  /// The lost leaves, grouped by reason.
  var lostByReason: [(reason: String, leaves: [String])] {
    var reasons: [String] = []
    var leaves: [String: [String]] = [:]
    for (path, reason) in lost {
      if leaves[reason] == nil { reasons.append(reason) }
      leaves[reason, default: []].append(path)
    }
    return reasons.map { ($0, leaves[$0] ?? []) }
  }

  mutating func run() {
    for ordinal in structure.leaves.indices {
      if let reason = find(ordinal) { lost.append((paths[ordinal], reason)) }
    }
  }

  /// Adds the blocks of a leaf; returns the reason if some are missing.
  private mutating func find(_ ordinal: Int) -> String? {
    let leaf = structure.leaves[ordinal]
    switch leaf.storage {
    case .none: return nil
    case .packed:
      let file = structure.file(of: 0, leaf)
      guard outlines.files[file] != nil else { return Self.missing(file) }
      guard let range = packed[file].next(leaf, at: paths[ordinal]) else {
        return "/%packed doesn't say where it lies"
      }
      blocks[file].append(offset: range.offset, size: range.size)
      return nil
    case .contiguous, .chunked:
      for (index, box) in leaf.boxes.enumerated() {
        let file = structure.file(of: index, leaf)
        let path = leaf.isAtPath ? paths[ordinal] : LeafPlace.shardPath(ordinal, index)
        guard outlines.files[file] != nil else { return Self.missing(file) }
        guard let dataset = outlines.dataset(path, in: file) else {
          return "\(DataFile.name(file)) has no dataset for it"
        }
        if let reason = add(dataset, leaf, box, file: file) { return reason }
      }
      return nil
    }
  }

  private static func missing(_ file: Int) -> String { "\(DataFile.name(file)) is not there" }

  private mutating func add(
    _ dataset: DatasetOutline, _ leaf: LeafRecord, _ box: ArrayBox, file: Int
  ) -> String? {
    guard dataset.type == leaf.dtype.typeDescription,
      dataset.extent?.dimensions == box.shape.dimensions.map({ UInt64($0) })
    else { return "HDF5 has another type or shape than the tree's structure" }
    guard case .chunked(let layout) = leaf.storage else {
      guard case .contiguous(let range?) = dataset.layout, let (offset, size) = range.place,
        size == box.shape.byteCount(of: leaf.dtype)
      else { return "HDF5 stores it in another way than the tree's structure says" }
      let pieces = tables[file].pieces(of: box, leaf)
      for index in 0..<pieces.count {
        blocks[file].append(
          offset: offset + pieces[index].lowerBound, size: pieces[index].count)
      }
      return nil
    }
    guard let grid = layout.grid(of: box),
      case .chunked(let shape, _, let chunks) = dataset.layout,
      shape == grid.chunk.dimensions.map({ UInt64($0) }), chunks.count == grid.cellCount
    else { return "HDF5 has other chunks than the tree's structure" }
    let first = blocks[file].count
    for _ in 0..<grid.cellCount { blocks[file].append(offset: -1, size: 0) }
    for chunk in chunks {
      let offset = chunk.offset.compactMap { Int(exactly: $0) }
      guard offset.count == grid.counts.count,
        zip(offset, box.shape.dimensions).allSatisfy({ $0 < $1 }),
        zip(offset, grid.chunk.dimensions).allSatisfy({ $0 % $1 == 0 }),
        let place = chunk.range.place, blocks[file].offset[first + grid.cell(holding: offset)] < 0
      else { return "HDF5 has other chunks than the tree's structure" }
      let row = first + grid.cell(holding: offset)
      (blocks[file].offset[row], blocks[file].size[row]) = place
    }
    return nil
  }
}

extension FileRange {
  /// The offset and size as `Int`; `nil` if they are too large.
  var place: (offset: Int, size: Int)? {
    guard let offset = Int(exactly: offset), let size = Int(exactly: byteCount) else { return nil }
    return (offset, size)
  }
}

extension BlockColumns {
  fileprivate mutating func append(offset: Int, size: Int) {
    self.offset.append(offset)
    self.size.append(size)
  }
}
