import CoppiceFiles
import CoppiceFormat
import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel
import CoppiceStorage

/// A comparison of the HDF5 metadata of a tree's files with the tree's document.
///
/// Readers of the format use only the document, and HDF5-only readers use only HDF5: both must find
/// the same bytes.
///
/// Spec: ARR-2, ARR-4, ARR-26 to ARR-41.
struct HDF5Comparison {
  let document: TreeDocument
  /// The blocks of each file, and the rows of each leaf and box among them.
  let blocks: [BlockColumns]
  let tables: [BlockTable]
  /// The path of each leaf's dataset.
  let paths: [String]
  let outlines: [FileOutline]
  let indexes: [FileOutline.Index]
  let names: [String]
  /// The expected datasets of each file.
  let expected: [Set<[UInt8]>]
  private(set) var faults: [CoppiceError] = []

  /// Makes the comparison of a document with the outlines of its files.
  init(
    _ document: TreeDocument, _ blocks: [BlockColumns], _ outlines: [FileOutline], names: [String]
  ) throws(CoppiceError) {
    self.document = document
    self.blocks = blocks
    self.outlines = outlines
    self.names = names
    indexes = outlines.map(FileOutline.Index.init)
    var tables: [BlockTable] = []
    for number in outlines.indices { tables.append(try BlockTable(document, file: number)) }
    self.tables = tables
    paths = document.tree.leaves.map { LeafPlace.path(of: $0.path) }
    expected = Self.expectedDatasets(document, paths, fileCount: outlines.count)
  }

  private static func expectedDatasets(
    _ document: TreeDocument, _ paths: [String], fileCount: Int
  ) -> [Set<[UInt8]>] {
    var expected = Array(repeating: Set<[UInt8]>(), count: fileCount)
    expected[0].insert(Array(structurePath.utf8))
    for (ordinal, leaf) in document.leaves.enumerated() {
      guard leaf.storage != .packed else {
        let file = document.file(of: 0, leaf)
        expected[file].insert(Array(packPath(leaf.dtype).utf8))
        expected[file].insert(Array(packedIndexPath.utf8))
        continue
      }
      if leaf.isAtPath || document.hasGlobalViews {
        expected[0].insert(Array(paths[ordinal].utf8))
      }
      guard leaf.storage != .none, !leaf.isAtPath else { continue }
      for index in leaf.boxes.indices {
        let path = LeafPlace.shardPath(ordinal, index)
        expected[document.file(of: index, leaf)].insert(Array(path.utf8))
      }
    }
    return expected
  }

  /// Compares everything that the outlines contain.
  mutating func run() {
    for ordinal in document.leaves.indices { compareLeaf(ordinal) }
    for file in outlines.indices { comparePacks(file) }
    for file in outlines.indices { compareFile(file) }
  }

  private mutating func compareLeaf(_ ordinal: Int) {
    let leaf = document.leaves[ordinal]
    switch leaf.storage {
    case .packed: break
    case .none:
      guard let dataset = dataset(paths[ordinal], 0, ordinal),
        check(dataset, leaf, leaf.shape, ordinal)
      else { return }
      guard case .contiguous(let range) = dataset.layout, range?.byteCount ?? 0 == 0 else {
        report("HDF5 stores something of a leaf without elements", ordinal)
        return
      }
    case .contiguous, .chunked:
      for (index, box) in leaf.boxes.enumerated() {
        let file = document.file(of: index, leaf)
        let path = leaf.isAtPath ? paths[ordinal] : LeafPlace.shardPath(ordinal, index)
        guard let dataset = dataset(path, file, ordinal),
          check(dataset, leaf, box.shape, ordinal)
        else { return }
        let row = tables[file].rows(of: ordinal, box: index).lowerBound
        checkBlocks(dataset, leaf, box, file, row, ordinal)
      }
      if !leaf.isAtPath, document.hasGlobalViews { compareView(ordinal) }
    }
  }

  /// Compares the storage of a box with its blocks.
  ///
  /// Spec: ARR-32, ARR-37.
  private mutating func checkBlocks(
    _ dataset: DatasetOutline, _ leaf: LeafRecord, _ box: ArrayBox, _ file: Int, _ row: Int,
    _ ordinal: Int
  ) {
    guard case .chunked(let layout) = leaf.storage else {
      let size = UInt64(tables[file].pieces(of: box, leaf).byteCount)
      if case .contiguous(let range?) = dataset.layout,
        range == FileRange(offset: UInt64(blocks[file].offset[row]), byteCount: size)
      {
        return
      }
      report("HDF5 has the elements elsewhere than the index", ordinal)
      return
    }
    guard let grid = layout.grid(of: box) else { return }
    let filters = (layout.isShuffled ? [Filter.shuffleIdentifier] : []) + [Filter.zstdIdentifier]
    guard case .chunked(let shape, let found, let chunks) = dataset.layout,
      shape.map({ Int($0) }) == grid.chunk.dimensions,
      found.map(\.identifier) == filters, chunks.count == grid.cellCount
    else {
      report("HDF5 has other chunks or filters than the document", ordinal)
      return
    }
    let full = UInt64(grid.chunk.byteCount(of: leaf.dtype) ?? 0)
    let allFilters = UInt32(1) << UInt32(filters.count) - 1
    for chunk in chunks {
      let cell = grid.cell(holding: chunk.offset.map { Int($0) })
      let mask = chunk.range.byteCount == full ? allFilters : 0
      guard cell < grid.cellCount, matches(chunk.range, file, row + cell), chunk.filterMask == mask
      else {
        report(
          "HDF5 has chunk \(chunk.offset) elsewhere, or coded otherwise, than the index", ordinal)
        return
      }
    }
  }

  private func matches(_ range: FileRange, _ file: Int, _ row: Int) -> Bool {
    range.offset == UInt64(blocks[file].offset[row])
      && range.byteCount == UInt64(blocks[file].size[row])
  }

  /// Compares shape, type and attributes of the dataset of a leaf or of one of its boxes.
  ///
  /// Spec: ARR-4, ARR-29, ARR-31.
  ///
  /// - Returns: Whether they match.
  mutating func check(
    _ dataset: DatasetOutline, _ leaf: LeafRecord, _ shape: Shape, _ ordinal: Int
  ) -> Bool {
    let dimensions = dataset.extent?.dimensions?.map { Int($0) }
    guard dimensions == shape.dimensions else {
      let found = dimensions.map(\.description) ?? "none"
      report("HDF5 has the shape \(found), the document \(shape)", ordinal)
      return false
    }
    guard dataset.type == leaf.dtype.typeDescription else {
      report("HDF5 has another element type than \(leaf.dtype)", ordinal)
      return false
    }
    var attributes = Self.attributes(of: leaf.dtype)
    attributes["prng"] = leaf.prng
    guard Self.areExactly(attributes, dataset.attributes) else {
      report("the attributes of the dataset aren't those of the leaf", ordinal)
      return false
    }
    return true
  }

  /// Returns the dataset at a path, and reports it if it is missing.
  mutating func dataset(_ path: String, _ file: Int, _ ordinal: Int?) -> DatasetOutline? {
    let bytes = Array(path.utf8)
    guard let entry = indexes[file].object(at: bytes), case .dataset(let dataset) = entry.content,
      entry.path == bytes
    else {
      report("\(names[file]) has no dataset at \"/\(path.printable)\"", ordinal)
      return nil
    }
    return dataset
  }

  mutating func report(_ message: String, _ ordinal: Int?) {
    faults.append(
      CoppiceError(
        .arraysHDF5Mismatch, message,
        at: .init(file: names[0], treePath: ordinal.map { paths[$0].printable })))
  }

  mutating func report(file: Int, _ message: String) {
    faults.append(CoppiceError(.arraysHDF5Mismatch, message, at: .init(file: names[file])))
  }
}
