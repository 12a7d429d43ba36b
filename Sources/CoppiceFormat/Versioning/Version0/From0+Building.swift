import CoppiceModel

extension From0 {
  /// A builder of the tree, which checks each leaf against its HDF5 dataset.
  struct Builder {
    let isInferring: Bool
    /// The datasets that no leaf has used yet.
    var datasets: [[UInt8]: Version0Arrays.Dataset]
    let file: String
    /// The file that defines the nodes.
    let structureFile: String
    let size: Int
    private(set) var leaves = LeafTable()
    private(set) var places: [Version0Arrays.Place?] = []
    private(set) var notes: [ConversionNote] = []

    init(
      isInferring: Bool, datasets: [[UInt8]: Version0Arrays.Dataset], file: String,
      structureFile: String, size: Int
    ) {
      self.isInferring = isInferring
      self.datasets = datasets
      self.file = file
      self.structureFile = structureFile
      self.size = size
      if isInferring {
        notes.append(
          .init(
            .metadata,
            "no metadata.json: kinds of containers and element types were inferred from HDF5; "
              + "values other than arrays are lost"))
      }
    }

    /// - Parameter key: The node's path in the spelling of version 0.
    mutating func build(
      _ node: PathNode, at path: TreePath, key: [UInt8]
    ) throws(CoppiceError) -> Tree<Int> {
      switch node.entry {
      case .array(let dtype, let shape)?:
        try requireNoChildren(node, at: path)
        return try leaf(dtype, shape, at: path, key)
      case .value(let value)?:
        try requireNoChildren(node, at: path)
        return .value(value)
      case .container(.list)?: return .list(try numbered(node, at: path, key))
      case .container(.tuple)?: return .tuple(try numbered(node, at: path, key))
      case .container(.dict)?: return try dict(node, at: path, key)
      case nil:
        guard isInferring, !node.children.isEmpty, node.numberedChildren != nil else {
          return try dict(node, at: path, key)
        }
        notes.append(
          .init(
            .structure, "keys 0 to \(node.children.count - 1): taken for a list",
            treePath: path.description))
        return .list(try numbered(node, at: path, key))
      }
    }

    private mutating func dict(
      _ node: PathNode, at path: TreePath, _ key: [UInt8]
    ) throws(CoppiceError) -> Tree<Int> {
      var entries: [Tree<Int>.Entry] = []
      for (name, child) in node.sortedChildren {
        let step = TreeKey.string(name)
        let below = try build(
          child, at: path.appending(.key(step)), key: Self.append(name, to: key))
        entries.append(.init(step, below))
      }
      return .dict(entries)
    }

    private mutating func numbered(
      _ node: PathNode, at path: TreePath, _ key: [UInt8]
    ) throws(CoppiceError) -> [Tree<Int>] {
      guard let children = node.numberedChildren else {
        throw CoppiceError(
          .modelBadNode, "the elements of a list or tuple aren't named 0, 1, 2, …",
          at: .init(file: structureFile, treePath: path.description))
      }
      var nodes: [Tree<Int>] = []
      for (index, child) in children.enumerated() {
        nodes.append(
          try build(
            child, at: path.appending(.index(index)), key: Self.append(String(index), to: key)))
      }
      return nodes
    }

    private static func append(_ name: String, to key: [UInt8]) -> [UInt8] {
      key.isEmpty ? Array(name.utf8) : key + [0x2F] + Array(name.utf8)
    }

    private func requireNoChildren(_ node: PathNode, at path: TreePath) throws(CoppiceError) {
      guard node.children.isEmpty else {
        throw CoppiceError(
          .modelBadNode, "there are paths below an array or a value",
          at: .init(file: structureFile, treePath: path.description))
      }
    }

    private mutating func leaf(
      _ dtype: DType, _ shape: Shape, at path: TreePath, _ key: [UInt8]
    ) throws(CoppiceError) -> Tree<Int> {
      let location = CoppiceError.Location(file: file, treePath: path.description)
      guard let dataset = datasets.removeValue(forKey: key) else {
        throw CoppiceError(.arraysHDF5Mismatch, "HDF5 has no dataset for the array", at: location)
      }
      try check(dataset, dtype, shape, location)
      if isInferring, dataset.named == nil, dtype == .uint8 || dtype == .uint16 {
        notes.append(
          .init(
            .dtype, "\(dtype) in HDF5: it may have been a narrow float", treePath: path.description)
        )
      }
      let isEmpty = shape.elementCount == 0
      leaves.append(
        LeafRecord(dtype: dtype, shape: shape, storage: isEmpty ? .none : .contiguous))
      places.append(isEmpty ? nil : dataset.place)
      return .leaf(leaves.count - 1)
    }
  }
}

extension From0.Builder {
  private func check(
    _ dataset: Version0Arrays.Dataset, _ dtype: DType, _ shape: Shape,
    _ location: CoppiceError.Location
  ) throws(CoppiceError) {
    guard let stored = dataset.stored else {
      throw CoppiceError(
        .arraysUnknownDType, "the HDF5 datatype is none of version 0", at: location)
    }
    guard stored == dtype.storedInVersion0 else {
      throw CoppiceError(
        .arraysHDF5Mismatch,
        "HDF5 has elements of type \(stored), where \(dtype) is stored as "
          + "\(dtype.storedInVersion0)", at: location)
    }
    guard dataset.named.map({ $0.utf8.elementsEqual(dtype.rawValue.utf8) }) ?? true else {
      throw CoppiceError(
        .arraysHDF5Mismatch, "the attribute \"dtype\" isn't \(dtype)", at: location)
    }
    guard dataset.extents == shape.dimensions.map({ UInt64($0) }) else {
      let found = dataset.extents.map { "\($0)" } ?? "none"
      throw CoppiceError(
        .arraysHDF5Mismatch, "the shape in HDF5 is \(found), in the metadata \(shape)",
        at: location)
    }
    let bytes = shape.byteCount(of: dtype) ?? .max
    switch dataset.place {
    case .other(let layout):
      throw CoppiceError(
        .arraysBadStorage,
        "the dataset is \(layout); version 0 stores arrays whole: rewrite the file with h5repack "
          + "-l CONTI -f NONE", at: location)
    case .nowhere where bytes > 0:
      throw CoppiceError(
        .arraysBadStorage, "the elements of the array were never written", at: location)
    case .inline(let inline) where inline.count != bytes:
      throw CoppiceError(
        .arraysBlockSize, "the array has \(inline.count) bytes instead of \(bytes)", at: location)
    case .range(let offset, let count) where bytes > 0:
      guard count == UInt64(bytes) else {
        throw CoppiceError(
          .arraysBlockSize, "the array has \(count) bytes instead of \(bytes)", at: location)
      }
      let (end, overflow) = offset.addingReportingOverflow(count)
      guard !overflow, end <= UInt64(size) else {
        throw CoppiceError(
          .arraysHDF5Mismatch, "the array reaches past the end of the file", at: location)
      }
    default: break
    }
  }

  /// Checks that no two arrays share bytes.
  func checkOverlaps() throws(CoppiceError) {
    var ranges: [Range<UInt64>] = []
    for case .range(let offset, let count)? in places { ranges.append(offset..<(offset + count)) }
    ranges.sort { $0.lowerBound < $1.lowerBound }
    for (range, next) in zip(ranges, ranges.dropFirst()) where range.upperBound > next.lowerBound {
      throw CoppiceError(
        .arraysBlockOverlap, "two arrays share bytes",
        at: .init(file: file, offset: Int(next.lowerBound)))
    }
  }
}
