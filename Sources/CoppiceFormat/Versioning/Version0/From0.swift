package import CoppiceModel

/// The step from version 0 to version 1: a function of a tree's metadata and of what HDF5 has.
///
/// Spec: version 0, V0-26.
package enum From0 {
  /// A tree of version 0 as version 1 has it.
  package struct Result: Sendable {
    /// The structure and the leaves; without files and blocks, whose digests version 0 hasn't.
    package var document: TreeDocument
    /// Where the elements of each leaf lie; `nil` for leaves without any.
    package var places: [Version0Arrays.Place?]
    /// What was inferred, and what can't be known.
    package var notes: [ConversionNote]
  }

  /// Takes the step.
  ///
  /// - Parameters:
  ///   - metadata: `metadata.json`; `nil` when there is none and HDF5 alone tells.
  ///   - file: The name of `arrays.h5` in messages.
  ///   - size: The number of bytes of that file.
  /// - Throws: `model.*`, `arrays.*`.
  package static func migrate(
    _ metadata: Version0Metadata?, _ arrays: Version0Arrays, file: String, size: Int,
    limits: ReadLimits
  ) throws(CoppiceError) -> Result {
    let root = PathNode()
    let metadataFile = file.replacingName(by: Version0Metadata.fileName)
    var datasets: [[UInt8]: Version0Arrays.Dataset] = [:]
    for dataset in arrays.datasets { datasets[dataset.path] = dataset }
    if let metadata {
      for item in metadata.entries {
        try root.insert(
          item.path, item.entry, member: item.member, limits: limits, file: metadataFile)
      }
    } else {
      for path in arrays.groups { try root.insert(hdf5: path, nil, file: file, limits: limits) }
      for dataset in arrays.datasets {
        let entry = try Version0Metadata.Entry.inferred(from: dataset, file: file, limits: limits)
        try root.insert(hdf5: dataset.path, entry, file: file, limits: limits)
      }
    }
    var builder = Builder(
      isInferring: metadata == nil, datasets: datasets, file: file,
      structureFile: metadata == nil ? file : metadataFile, size: size)
    let tree = try builder.build(root, at: TreePath(), key: [])
    if let path = builder.datasets.keys.min(by: { $0.lexicographicallyPrecedes($1) }) {
      throw CoppiceError(
        .arraysHDF5Mismatch, "HDF5 has an array that the metadata don't mention",
        at: .init(file: file, treePath: String(decoding: path, as: UTF8.self)))
    }
    try builder.checkOverlaps()
    let document = TreeDocument(
      tree: tree, leaves: builder.leaves, shardings: [], files: [], blocks: BlockColumns())
    return Result(document: document, places: builder.places, notes: builder.notes)
  }
}

extension Version0Metadata.Entry {
  /// What a dataset says of itself where no metadata do.
  fileprivate static func inferred(
    from dataset: Version0Arrays.Dataset, file: String, limits: ReadLimits
  ) throws(CoppiceError) -> Self {
    let place = CoppiceError.Location(
      file: file, treePath: String(decoding: dataset.path, as: UTF8.self))
    guard let stored = dataset.stored else {
      throw CoppiceError(
        .arraysUnknownDType, "the HDF5 datatype is none of version 0", at: place)
    }
    var dtype = stored
    if let name = dataset.named {
      guard let named = DType(rawValue: name), DType.ofVersion0.contains(named) else {
        throw CoppiceError(
          .arraysUnknownDType, "\"\(name)\" is no element type of version 0", at: place)
      }
      dtype = named
    }
    guard let extents = dataset.extents, extents.count <= limits.rank,
      extents.allSatisfy({ $0 < 1 << 53 }), let shape = Shape(extents.map { Int($0) }),
      let bytes = shape.byteCount(of: .complex128), bytes < 1 << 57
    else {
      throw CoppiceError(
        .arraysBadShape, "the array has no shape, or one beyond the limits", at: place)
    }
    return .array(dtype, shape)
  }
}

extension String {
  /// The path of another file in the same directory.
  fileprivate func replacingName(by name: String) -> String {
    guard let slash = lastIndex(of: "/") else { return name }
    return String(self[...slash]) + name
  }
}
