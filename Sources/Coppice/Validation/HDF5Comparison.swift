import CoppiceFormat
import CoppiceModel
import CoppiceStorage
import FileAccess
import HDF5
import HDF5Outline

/// Compares what HDF5 says of a tree's files with what the tree's document says.
///
/// Readers of this format never ask HDF5, and HDF5-only readers never ask the document: both must
/// find the same bytes.
///
/// Spec: ARR-26 to ARR-41.
struct HDF5Comparison {
  private let document: TreeDocument
  private let table: BlockTable
  private let paths: [String]
  private let outlines: [FileOutline]
  private let indexes: [FileOutline.Index]
  private let names: [String]
  /// The datasets of each file that were asked for, so that others show.
  private var expected: [Set<[UInt8]>]
  private(set) var faults: [CoppiceError] = []

  /// Makes the comparison of a document with the outlines of its files.
  init(
    _ document: TreeDocument, _ outlines: [FileOutline], names: [String]
  ) throws(CoppiceError) {
    self.document = document
    self.outlines = outlines
    self.names = names
    indexes = outlines.map(FileOutline.Index.init)
    table = try BlockTable(document.leaves)
    paths = document.tree.leaves.map { LeafPlace.path(of: $0.path) }
    expected = Array(repeating: [], count: outlines.count)
  }

  /// Compares everything.
  mutating func run() {
    for ordinal in document.leaves.indices { compareLeaf(ordinal) }
    for (file, outline) in outlines.enumerated() {
      checkRootAttributes(outline, file)
      checkOthers(outline, file)
    }
  }

  // MARK: Leaves

  private mutating func compareLeaf(_ ordinal: Int) {
    let leaf = document.leaves[ordinal]
    var row = table[ordinal].lowerBound
    switch leaf.storage {
    case .none:
      guard let dataset = dataset(paths[ordinal], 0, ordinal) else { return }
      check(dataset, leaf, leaf.shape, ordinal)
    case .packed: comparePacked(ordinal, row)
    case .contiguous, .chunked:
      var isAtPath = true
      for (part, box) in leaf.boxes.enumerated() {
        let file = document.blocks.file[row]
        isAtPath = leaf.shards == nil && file == 0
        let path = isAtPath ? paths[ordinal] : LeafPlace.shardPath(ordinal, part)
        guard let dataset = dataset(path, file, ordinal) else {
          return
        }
        check(dataset, leaf, box.shape, ordinal)
        row += checkBlocks(dataset, leaf, box, row, ordinal)
      }
      if !isAtPath { compareView(ordinal) }
    }
  }

  /// The number of blocks that a part has.
  private mutating func checkBlocks(
    _ dataset: DatasetOutline, _ leaf: LeafRecord, _ box: ArrayIndexRange, _ row: Int,
    _ ordinal: Int
  ) -> Int {
    guard case .chunked(let layout) = leaf.storage else {
      if case .contiguous(let range?) = dataset.layout, matches(range, row) { return 1 }
      report("HDF5 has the elements elsewhere than the index", ordinal)
      return 1
    }
    guard let grid = ChunkGrid(shape: box.shape, chunk: layout.shape) else { return 0 }
    let filters = (layout.isShuffled ? [Filter.shuffleIdentifier] : []) + [Filter.zstdIdentifier]
    guard case .chunked(let shape, let found, let chunks) = dataset.layout,
      shape.map({ Int($0) }) == layout.shape.dimensions,
      found.map(\.identifier) == filters, chunks.count == grid.cellCount
    else {
      report("HDF5 has other chunks or filters than the document", ordinal)
      return grid.cellCount
    }
    let full = UInt64(layout.shape.byteCount(of: leaf.dtype) ?? 0)
    let allFilters = UInt32(1) << UInt32(filters.count) - 1
    for chunk in chunks {
      let cell = grid.cell(at: chunk.offset.map { Int($0) })
      let mask = chunk.range.byteCount == full ? allFilters : 0
      guard cell < grid.cellCount, matches(chunk.range, row + cell), chunk.filterMask == mask else {
        report(
          "HDF5 has chunk \(chunk.offset) elsewhere, or coded otherwise, than the index", ordinal)
        return grid.cellCount
      }
    }
    return grid.cellCount
  }

  private func matches(_ range: FileRange, _ row: Int) -> Bool {
    range.offset == UInt64(document.blocks.offset[row])
      && range.byteCount == UInt64(document.blocks.size[row])
  }

  private mutating func comparePacked(_ ordinal: Int, _ row: Int) {
    let leaf = document.leaves[ordinal]
    guard let dataset = dataset("%packed/\(leaf.dtype)", 0, ordinal) else { return }
    let offset = UInt64(document.blocks.offset[row])
    let size = UInt64(document.blocks.size[row])
    guard case .contiguous(let range?) = dataset.layout, offset >= range.offset,
      offset + size <= range.offset + range.byteCount,
      (offset - range.offset) % UInt64(leaf.dtype.width) == 0,
      dataset.type == leaf.dtype.typeDescription
    else {
      report("the packed block doesn't lie in the dataset of its type", ordinal)
      return
    }
    expected[0].insert(Array("%packed/index".utf8))
  }

  /// Leaves whose data lie elsewhere have a virtual dataset at their path.
  private mutating func compareView(_ ordinal: Int) {
    let leaf = document.leaves[ordinal]
    guard let dataset = dataset(paths[ordinal], 0, ordinal) else { return }
    check(dataset, leaf, leaf.shape, ordinal)
    guard case .virtual(let mappings) = dataset.layout, mappings.count == leaf.boxes.count else {
      report("HDF5 has no view of the leaf's \(leaf.boxes.count) parts", ordinal)
      return
    }
    var row = table[ordinal].lowerBound
    for (part, box) in leaf.boxes.enumerated() {
      let file = document.blocks.file[row]
      let source = file == 0 ? "." : ArraysFile.name(file)
      let path = LeafPlace.virtualName(LeafPlace.shardPath(ordinal, part))
      guard let mapping = mappings[part], mapping.box.offset.map({ Int($0) }) == box.offset,
        mapping.box.shape.map({ Int($0) }) == box.shape.dimensions,
        mapping.sourceBox.offset.allSatisfy({ $0 == 0 }),
        mapping.sourceBox.shape == mapping.box.shape, mapping.sourceFile == Array(source.utf8),
        mapping.sourcePath == Array(path.utf8)
          || mapping.sourcePath == Array(("/" + LeafPlace.shardPath(ordinal, part)).utf8)
      else {
        report("HDF5's view takes part \(part) from elsewhere than the index", ordinal)
        return
      }
      row += leaf.blockCount(of: box)
    }
  }

  private mutating func check(
    _ dataset: DatasetOutline, _ leaf: LeafRecord, _ shape: Shape, _ ordinal: Int
  ) {
    let dimensions = dataset.extent?.dimensions?.map { Int($0) } ?? []
    guard dimensions == shape.dimensions else {
      report("HDF5 has the shape \(dimensions), the document \(shape)", ordinal)
      return
    }
    guard dataset.type == leaf.dtype.typeDescription else {
      report("HDF5 has another element type than \(leaf.dtype)", ordinal)
      return
    }
    let named = leaf.dtype.isNativeInHDF5 ? nil : leaf.dtype.rawValue
    guard Self.text("dtype", dataset.attributes) == named,
      Self.text("prng", dataset.attributes) == leaf.prng
    else {
      report("the attributes \"dtype\" and \"prng\" aren't those of the leaf", ordinal)
      return
    }
  }

  // MARK: Whole files

  private mutating func checkRootAttributes(_ outline: FileOutline, _ file: Int) {
    var found: [FileOutline.Attribute] = []
    if let root = outline.entries.first, case .group(let attributes) = root.content {
      found = attributes
    }
    guard Self.text("format", found) == RootDocument.format, Self.text("version", found) != nil
    else {
      report(file: file, "the file doesn't say that it is of this format and which version")
      return
    }
  }

  /// What no leaf asked for: links that lead elsewhere, datasets that nothing mentions.
  private mutating func checkOthers(_ outline: FileOutline, _ file: Int) {
    let structure = Array("%coppice/tree".utf8)
    if file == 0 { expected[0].insert(structure) }
    for entry in outline.entries {
      switch entry.content {
      case .group: continue
      case .dataset where expected[file].contains(entry.path): continue
      default:
        let path = String(decoding: entry.path, as: UTF8.self).printable
        report(file: file, "HDF5 has \"/\(path)\", which the document doesn't mention")
      }
    }
  }

  /// Where the copy of the structure lies, so that its bytes can be compared.
  var structureRange: FileRange? {
    guard
      let entry = outlines.first?.entries.first(where: { $0.path == Array("%coppice/tree".utf8) }),
      case .dataset(let dataset) = entry.content, case .contiguous(let range?) = dataset.layout
    else { return nil }
    return range
  }

  private mutating func dataset(_ path: String, _ file: Int, _ ordinal: Int) -> DatasetOutline? {
    let bytes = Array(path.utf8)
    expected[file].insert(bytes)
    guard let entry = indexes[file].object(at: bytes), case .dataset(let dataset) = entry.content,
      entry.path == bytes
    else {
      report("\(names[file]) has no dataset at \"/\(path.printable)\"", ordinal)
      return nil
    }
    return dataset
  }

  static func text(_ name: String, _ attributes: [FileOutline.Attribute]) -> String? {
    attributes.first { $0.name == Array(name.utf8) }?.value.text
  }

  private mutating func report(_ message: String, _ ordinal: Int) {
    faults.append(
      CoppiceError(
        .arraysHDF5Mismatch, message,
        at: .init(file: names[0], treePath: paths[ordinal].printable)))
  }

  private mutating func report(file: Int, _ message: String) {
    faults.append(CoppiceError(.arraysHDF5Mismatch, message, at: .init(file: names[file])))
  }
}
