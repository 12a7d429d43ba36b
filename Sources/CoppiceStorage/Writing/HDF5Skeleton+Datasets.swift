import CoppiceFormat
import CoppiceHDF5
import CoppiceModel

extension HDF5Skeleton {
  /// Makes the datasets of a file's boxes, and records the offsets of contiguous ones.
  func makeUnits(_ plan: inout TreePlan, in index: Int) throws(HDF5Error) {
    guard !plan.files[index].units.isEmpty else { return }
    var groups = try OpenGroups(file(index).file.root())
    for unit in plan.files[index].units {
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
        let pieces = plan.files[index].table.pieces(of: unit.box, leaf)
        for piece in 0..<pieces.count {
          plan.files[index].blocks.place(
            unit.firstRow + piece, offset: start + pieces[piece].lowerBound,
            size: pieces[piece].count)
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

  /// Makes the datasets that small leaves share in a file, and their index.
  func makePacks(_ plan: inout TreePlan, in index: Int) throws(HDF5Error) {
    guard !plan.files[index].packs.isEmpty else { return }
    let sizes = plan.document.leaves.kinds.map { $0.shape.elementCount * $0.dtype.width }
    for pack in plan.files[index].packs {
      let dataset = try file(index).root.createDataset(
        "%packed/\(pack.dtype)", type: pack.dtype.makeDatatype(),
        dimensions: [UInt64(pack.elementCount)])
      if !pack.dtype.isNativeInHDF5 {
        try dataset.writeAttribute("dtype", text: pack.dtype.rawValue)
      }
      let start = Int(try dataset.allocatedExtent().offset)
      for member in pack.members {
        plan.files[index].blocks.place(
          plan.files[index].table[member.ordinal].lowerBound,
          offset: start + member.element * pack.dtype.width,
          size: sizes[plan.document.leaves.kind(of: member.ordinal)])
      }
    }
    try PackedIndex(plan, in: index).write(to: file(index).root)
  }

  /// Makes a virtual dataset at the path of each leaf whose data are stored elsewhere.
  func makeViews(_ plan: TreePlan) throws(HDF5Error) {
    var groups = try OpenGroups(file(0).file.root())
    for (ordinal, leaf) in plan.document.leaves.enumerated()
    where leaf.storage != .none && leaf.storage != .packed && !leaf.isAtPath {
      var mappings: [VirtualMapping] = []
      for (index, box) in leaf.boxes.enumerated() {
        guard let place = Box(offset: box.offset, shape: box.shape.dimensions) else {
          throw .refused("view", "the box of a mapping has a negative number")
        }
        let number = plan.document.file(of: index, leaf)
        mappings.append(
          VirtualMapping(
            box: place, sourceFile: number == 0 ? "." : DataFile.name(number),
            sourcePath: LeafPlace.virtualName(LeafPlace.shardPath(ordinal, index))))
      }
      let dataset = try groups.withParent(of: plan.paths[ordinal]) {
        (group, name) throws(HDF5Error) in
        try group.createVirtualDataset(
          name, type: leaf.dtype.makeDatatype(),
          dimensions: leaf.shape.dimensions.map { UInt64($0) }, mappings: mappings,
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
  mutating func place(_ row: Int, offset: Int, size: Int) {
    self.offset[row] = offset
    self.size[row] = size
  }
}
