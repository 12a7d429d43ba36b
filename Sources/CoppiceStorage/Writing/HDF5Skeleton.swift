import CoppiceFormat
import CoppiceModel
import FileAccess
import HDF5
import Synchronization
import SystemPackage

/// The HDF5 files of a tree while libhdf5 lays them out: datasets are made, their bytes come later.
///
/// libhdf5 never moves bulk data: contiguous datasets are filled at their offsets once the files are
/// closed, and chunks are handed over coded.
final class HDF5Skeleton: Sendable {
  private let opened: Mutex<[OpenFile]>
  private let directory: FilePath

  /// Datasets of at least this many bytes begin at multiples of it.
  static let alignedBytes = 4096

  /// A file in a box, so that an array can hold it.
  private final class OpenFile: Sendable {
    let file: HDF5.File
    let root: Group

    init(_ path: FilePath) throws(HDF5Error) {
      file = try HDF5.File(
        creatingAt: path.string,
        layout: .init(alignmentThreshold: alignedBytes, alignment: alignedBytes))
      root = try file.root()
    }
  }

  /// Makes the files, and notes in the plan where its contiguous blocks lie.
  init(_ plan: inout TreePlan, in directory: FilePath) throws(CoppiceError) {
    self.directory = directory
    var files: [OpenFile] = []
    for index in 0..<plan.fileCount {
      let name = ArraysFile.name(index)
      do throws(HDF5Error) {
        let file = try OpenFile(directory.appending(name))
        files.append(file)
        try file.root.writeAttribute("format", text: RootDocument.format)
        try file.root.writeAttribute("version", text: FormatVersion.current.description)
      } catch {
        throw .hdf5(error, file: name)
      }
    }
    opened = Mutex(files)
    do throws(HDF5Error) {
      try makeUnits(&plan)
      try makeEmptyLeaves(plan)
      try makePacks(&plan)
      try makeViews(plan)
      try makeStructure(plan)
    } catch {
      throw .hdf5(error, file: directory.lastComponent?.string ?? "")
    }
  }

  /// Hands everything to the system; chunks have their final places then.
  func flush() throws(CoppiceError) {
    for (index, file) in opened.withLock({ $0 }).enumerated() {
      do throws(HDF5Error) {
        try file.file.flush()
      } catch {
        throw .hdf5(error, file: ArraysFile.name(index))
      }
    }
  }

  /// Closes the files; their metadata are written then.
  func close() throws(CoppiceError) {
    // The owners close what is open; a flush first brings failures to light.
    try flush()
    opened.withLock { $0 = [] }
  }

  private func file(_ index: Int) -> OpenFile { opened.withLock { $0[index] } }

  private func makeUnits(_ plan: inout TreePlan) throws(HDF5Error) {
    guard !plan.units.isEmpty else { return }
    // Units come in the order of the tree; in other files than the first, paths are short.
    var groups = try OpenGroups(file(0).file.root())
    var current = 0
    for unit in plan.units {
      if unit.file != current {
        current = unit.file
        groups = try OpenGroups(file(current).file.root())
      }
      let leaf = plan.document.leaves[unit.ordinal]
      let path = plan.datasetPath(unit)
      let type = try leaf.dtype.makeDatatype()
      let dimensions = unit.box.shape.dimensions.map { UInt64($0) }
      if case .chunked(let layout) = leaf.storage {
        let filters: [Filter] =
          (layout.isShuffled ? [.shuffle(width: leaf.dtype.width)] : []) + [.zstd(level: 0)]
        let dataset = try groups.withParent(of: path) { (group, name) throws(HDF5Error) in
          try group.createDataset(
            name, type: type, dimensions: dimensions,
            chunk: layout.shape.dimensions.map { UInt64($0) }, filters: filters)
        }
        try Self.describe(leaf, dataset)
      } else {
        let dataset = try groups.withParent(of: path) { (group, name) throws(HDF5Error) in
          try group.createDataset(name, type: type, dimensions: dimensions)
        }
        try Self.describe(leaf, dataset)
        let extent = try dataset.contiguousExtent()
        let start = Int(extent?.offset ?? 0)
        let pieces = plan.table.pieces(of: unit.box, leaf)
        for index in 0..<pieces.count {
          plan.document.blocks.place(
            unit.firstRow + index, file: unit.file, offset: start + pieces[index].lowerBound,
            size: pieces[index].count)
        }
      }
    }
  }

  private func makeEmptyLeaves(_ plan: TreePlan) throws(HDF5Error) {
    guard plan.document.leaves.kinds.contains(where: { $0.storage == .none }) else { return }
    var groups = try OpenGroups(file(0).file.root())
    for (ordinal, leaf) in plan.document.leaves.enumerated() where leaf.storage == .none {
      let dimensions = leaf.shape.dimensions.map { UInt64($0) }
      let dataset = try groups.withParent(of: plan.paths[ordinal]) {
        (group, name) throws(HDF5Error) in
        try group.createDataset(name, type: leaf.dtype.makeDatatype(), dimensions: dimensions)
      }
      try Self.describe(leaf, dataset)
    }
  }

  private func makePacks(_ plan: inout TreePlan) throws(HDF5Error) {
    guard !plan.packs.isEmpty else { return }
    for pack in plan.packs {
      let dataset = try file(0).root.createDataset(
        "%packed/\(pack.dtype)", type: pack.dtype.makeDatatype(),
        dimensions: [UInt64(pack.elementCount)])
      if !pack.dtype.isNativeInHDF5 {
        try dataset.writeAttribute("dtype", text: pack.dtype.rawValue)
      }
      let start = Int(try dataset.contiguousExtent()?.offset ?? 0)
      for member in pack.members {
        let leaf = plan.document.leaves[member.ordinal]
        plan.document.blocks.place(
          plan.table[member.ordinal].lowerBound, file: 0,
          offset: start + member.element * pack.dtype.width,
          size: leaf.shape.elementCount * pack.dtype.width)
      }
    }
    try PackedIndex(plan).write(to: file(0).root)
  }

  /// Gives leaves whose data lie elsewhere a virtual dataset at their path.
  private func makeViews(_ plan: TreePlan) throws(HDF5Error) {
    var mappings: [Int: [VirtualMapping]] = [:]
    for unit in plan.units where !plan.isAtPath(unit) {
      guard let box = Box(offset: unit.box.offset, shape: unit.box.shape.dimensions) else {
        continue
      }
      let source = unit.file == 0 ? "." : ArraysFile.name(unit.file)
      mappings[unit.ordinal, default: []].append(
        VirtualMapping(
          box: box, sourceFile: source, sourcePath: LeafPlace.virtualName(plan.datasetPath(unit))))
    }
    guard !mappings.isEmpty else { return }
    var groups = try OpenGroups(file(0).file.root())
    for ordinal in mappings.keys.sorted() {
      let leaf = plan.document.leaves[ordinal]
      let dataset = try groups.withParent(of: plan.paths[ordinal]) {
        (group, name) throws(HDF5Error) in
        try group.createVirtualDataset(
          name, type: leaf.dtype.makeDatatype(),
          dimensions: leaf.shape.dimensions.map { UInt64($0) }, mappings: mappings[ordinal] ?? [],
          fill: leaf.dtype.virtualFill)
      }
      try Self.describe(leaf, dataset)
    }
  }

  /// Stores the structure beside the data, so that a lost document can be made anew.
  private func makeStructure(_ plan: TreePlan) throws(HDF5Error) {
    let bytes = plan.structure
    let dataset = try file(0).root.createDataset(
      "%coppice/tree", type: .integer(byteCount: 1, isSigned: false),
      dimensions: [UInt64(bytes.count)])
    try dataset.write(unsafe bytes.span.bytes)
    // libhdf5 may write it only now: what fails then must be heard of.
    try dataset.close()
  }

  private static func describe(
    _ leaf: LeafRecord, _ dataset: borrowing Dataset
  ) throws(HDF5Error) {
    if !leaf.dtype.isNativeInHDF5 {
      try dataset.writeAttribute("dtype", text: leaf.dtype.rawValue)
    }
    if let prng = leaf.prng { try dataset.writeAttribute("prng", text: prng) }
  }

  /// Runs a closure with a unit's dataset.
  func withDataset<Result>(
    _ plan: TreePlan, _ unit: TreePlan.StorageUnit,
    _ body: (borrowing Dataset) throws(HDF5Error) -> Result
  ) throws(CoppiceError) -> Result {
    do throws(HDF5Error) {
      return try body(try file(unit.file).root.openDataset(plan.datasetPath(unit)))
    } catch {
      throw .hdf5(error, file: ArraysFile.name(unit.file))
    }
  }
}

extension BlockColumns {
  /// Notes where a block lies.
  mutating func place(_ row: Int, file: Int, offset: Int, size: Int) {
    self.file[row] = file
    self.offset[row] = offset
    self.size[row] = size
  }
}
