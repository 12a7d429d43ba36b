import CCoppiceHDF5

/// A box of a virtual dataset, with the box of the source dataset that holds its elements.
///
/// Names have libhdf5's spelling: `%%` is a percent sign, `%b` a block's number.
package struct VirtualMapping: Hashable, Sendable {
  /// The box of the virtual dataset.
  package var box: Box
  /// The name of the file that holds the source; `.` is the virtual dataset's own file.
  package var sourceFile: [UInt8]
  /// The source's path in that file.
  package var sourcePath: [UInt8]
  /// The extent of the source; empty where the mapping takes the whole source, whatever its extent.
  package var sourceDimensions: [UInt64]
  /// The box of the source, with as many elements as `box`.
  ///
  /// Where the whole source is mapped it has the shape of `box`, though the source may have another
  /// shape of as many elements.
  package var sourceBox: Box

  /// Maps a box to the whole of a source of the same shape.
  package init(box: Box, sourceFile: some HDF5Name, sourcePath: some HDF5Name) {
    self.init(
      box: box, sourceFile: sourceFile, sourcePath: sourcePath, sourceDimensions: box.shape,
      sourceBox: Box(offset: box.offset.map { _ in 0 }, shape: box.shape))
  }

  /// Maps a box to a box.
  package init(
    box: Box, sourceFile: some HDF5Name, sourcePath: some HDF5Name, sourceDimensions: [UInt64],
    sourceBox: Box
  ) {
    self.box = box
    self.sourceFile = sourceFile.nameBytes
    self.sourcePath = sourcePath.nameBytes
    self.sourceDimensions = sourceDimensions
    self.sourceBox = sourceBox
  }
}

extension Group {
  /// Makes a dataset whose elements are in other datasets.
  ///
  /// - Parameter fill: One element's bytes, which libhdf5 returns where it finds no source.
  package func createVirtualDataset(
    _ path: some HDF5Name, type: borrowing Datatype, dimensions: [UInt64],
    mappings: [VirtualMapping], fill: [UInt8]? = nil
  ) throws(HDF5Error) -> Dataset {
    let list = try PropertyList.datasetCreation()
    if let fill { try list.setFillValue(fill, type: type) }
    for mapping in mappings { try list.append(mapping, dimensions: dimensions) }
    return try createDataset(
      path.nameBytes, type: type, dimensions: dimensions, list: list.id)
  }
}

extension PropertyList {
  func setFillValue(_ bytes: [UInt8], type: borrowing Datatype) throws(HDF5Error) {
    guard bytes.count == (try type.byteCount()) else {
      throw .refused("fill", "the fill value is not one element")
    }
    let (id, typeID) = (handle.id, type.id)
    _ = try HDF5Library.call {
      unsafe bytes.withUnsafeBytes { unsafe H5Pset_fill_value(id, typeID, $0.baseAddress) }
    }
  }

  fileprivate func append(
    _ mapping: VirtualMapping, dimensions: [UInt64]
  ) throws(HDF5Error) {
    guard product(mapping.box.shape) == product(mapping.sourceBox.shape) else {
      throw .refused("virtual", "the two boxes differ in their number of elements")
    }
    let target = try Dataspace(dimensions)
    try target.select(mapping.box)
    let source = try Dataspace(mapping.sourceDimensions)
    try source.select(mapping.sourceBox)
    let (id, targetID, sourceID) = (handle.id, target.id, source.id)
    try unsafe withCString(mapping.sourceFile) { (file) throws(HDF5Error) in
      try unsafe withCString(mapping.sourcePath) { (path) throws(HDF5Error) in
        _ = try HDF5Library.call { unsafe H5Pset_virtual(id, targetID, file, path, sourceID) }
      }
    }
  }
}
