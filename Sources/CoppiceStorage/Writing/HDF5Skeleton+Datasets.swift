import CoppiceFormat
import CoppiceHDF5
import CoppiceModel

extension HDF5Skeleton {
  /// Makes the datasets of whole leaves and shards, and records the offsets of contiguous ones.
  func makeUnits(_ plan: inout TreePlan) throws(HDF5Error) {
    guard !plan.units.isEmpty else { return }
    // Units come in the order of the tree; paths are short in all files but the first.
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
      if case .chunked(let layout) = leaf.storage, let grid = layout.grid(of: unit.box) {
        let filters: [Filter] =
          (layout.isShuffled ? [.shuffle(width: leaf.dtype.width)] : []) + [.zstd(level: 0)]
        let dataset = try groups.withParent(of: path) { (group, name) throws(HDF5Error) in
          try group.createDataset(
            name, type: type, dimensions: dimensions,
            chunk: grid.chunk.dimensions.map { UInt64($0) }, filters: filters)
        }
        try Self.describe(leaf, dataset)
      } else {
        let dataset = try groups.withParent(of: path) { (group, name) throws(HDF5Error) in
          try group.createDataset(name, type: type, dimensions: dimensions)
        }
        try Self.describe(leaf, dataset)
        let start = Int(try dataset.allocatedExtent().offset)
        let pieces = plan.table.pieces(of: unit.box, leaf)
        for index in 0..<pieces.count {
          plan.document.blocks.place(
            unit.firstRow + index, file: unit.file, offset: start + pieces[index].lowerBound,
            size: pieces[index].count)
        }
      }
    }
  }

  /// Makes the datasets of leaves without elements, which store nothing.
  func makeEmptyLeaves(_ plan: TreePlan) throws(HDF5Error) {
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

  /// Makes the datasets that small leaves share, and their index.
  func makePacks(_ plan: inout TreePlan) throws(HDF5Error) {
    guard !plan.packs.isEmpty else { return }
    let sizes = plan.document.leaves.kinds.map { $0.shape.elementCount * $0.dtype.width }
    for pack in plan.packs {
      let dataset = try file(0).root.createDataset(
        "%packed/\(pack.dtype)", type: pack.dtype.makeDatatype(),
        dimensions: [UInt64(pack.elementCount)])
      if !pack.dtype.isNativeInHDF5 {
        try dataset.writeAttribute("dtype", text: pack.dtype.rawValue)
      }
      let start = Int(try dataset.allocatedExtent().offset)
      for member in pack.members {
        plan.document.blocks.place(
          plan.table[member.ordinal].lowerBound, file: 0,
          offset: start + member.element * pack.dtype.width,
          size: sizes[plan.document.leaves.kind(of: member.ordinal)])
      }
    }
    try PackedIndex(plan).write(to: file(0).root)
  }

  /// Makes a virtual dataset at the path of each leaf whose data are stored elsewhere.
  func makeViews(_ plan: TreePlan) throws(HDF5Error) {
    var mappings: [Int: [VirtualMapping]] = [:]
    for unit in plan.units where !plan.isAtPath(unit) {
      guard let box = Box(offset: unit.box.offset, shape: unit.box.shape.dimensions) else {
        throw .refused("view", "the box of a mapping has a negative number")
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

  /// Stores the structure beside the data, so that a lost document can be restored.
  func makeStructure(_ plan: TreePlan) throws(HDF5Error) {
    let bytes = plan.structure
    let dataset = try file(0).root.createDataset(
      "%coppice/tree", type: .integer(byteCount: 1, isSigned: false),
      dimensions: [UInt64(bytes.count)])
    try dataset.write(unsafe bytes.span.bytes)
    // libhdf5 may defer this write; close explicitly to surface errors.
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
}

extension BlockColumns {
  /// Records the place of a block.
  mutating func place(_ row: Int, file: Int, offset: Int, size: Int) {
    self.file[row] = file
    self.offset[row] = offset
    self.size[row] = size
  }
}
