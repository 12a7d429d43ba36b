package import CoppiceModel

/// The migration from version 0 to version 1, from a tree's metadata and its HDF5 datasets.
///
/// Spec: version 0, V0-26.
package enum From0 {
  /// A tree of version 0 in terms of version 1.
  package struct Result: Sendable {
    /// The structure and the leaves; files and blocks are missing, since version 0 has no digests.
    package var document: TreeDocument
    /// The place of each leaf's elements; `nil` for leaves without elements.
    package var places: [Version0Arrays.Place?]
    /// Notes about what was inferred and what was lost.
    package var notes: [ConversionNote]
  }

  /// Migrates a tree.
  ///
  /// - Parameters:
  ///   - metadata: `metadata.json`; `nil` when it is missing and only HDF5 describes the tree.
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
      tree: tree, leaves: builder.leaves, shardings: [])
    return Result(document: document, places: builder.places, notes: builder.notes)
  }
}

extension Version0Metadata.Entry {
  /// Infers an entry from a dataset when there is no metadata document.
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
  /// Returns the path of another file in the same directory.
  fileprivate func replacingName(by name: String) -> String {
    guard let slash = lastIndex(of: "/") else { return name }
    return String(self[...slash]) + name
  }
}
