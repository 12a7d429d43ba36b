import CCoppiceHDF5

extension DatasetCreation {
  /// Returns the mappings of a virtual dataset, without opening other files.
  ///
  /// - Returns: One entry for each mapping; `nil` for those that aren't boxes or have no bounds.
  /// - Throws: When there are more than `limit` mappings.
  package func virtualMappings(limit: Int = 1 << 16) throws(HDF5Error) -> [VirtualMapping?] {
    let id = list.id
    guard layoutClass == H5D_VIRTUAL else { return [] }
    var count = 0
    _ = try HDF5Library.call { unsafe H5Pget_virtual_count(id, &count) }
    guard count <= limit else {
      throw .refused("virtual", "\(count) mappings are more than \(limit)")
    }
    var mappings: [VirtualMapping?] = []
    for index in 0..<count { mappings.append(try list.virtualMapping(index)) }
    return mappings
  }
}

extension PropertyList {
  fileprivate func virtualMapping(_ index: Int) throws(HDF5Error) -> VirtualMapping? {
    let id = handle.id
    let file = try unsafe readName { unsafe H5Pget_virtual_filename(id, index, $0, $1) }
    let path = try unsafe readName { unsafe H5Pget_virtual_dsetname(id, index, $0, $1) }
    let target = try Dataspace { H5Pget_virtual_vspace(id, index) }
    let source = try Dataspace { H5Pget_virtual_srcspace(id, index) }
    guard let box = try target.selectedBox() else { return nil }
    let dimensions = try source.extent().dimensions ?? []
    // A source that is mapped as a whole has no extent here: opening the source gives it.
    if dimensions.isEmpty, source.isAllSelected() {
      return VirtualMapping(
        box: box, sourceFile: file, sourcePath: path, sourceDimensions: [],
        sourceBox: Box(offset: box.offset.map { _ in 0 }, shape: box.shape))
    }
    guard let sourceBox = try source.selectedBox(), sourceBox.shape.count == dimensions.count
    else { return nil }
    return VirtualMapping(
      box: box, sourceFile: file, sourcePath: path, sourceDimensions: dimensions,
      sourceBox: sourceBox)
  }
}

/// Reads a name through a call that fills a buffer and returns the length.
func readName(
  _ get: (UnsafeMutablePointer<CChar>?, Int) -> Int
) throws(HDF5Error) -> [UInt8] {
  let count = try HDF5Library.call { get(nil, 0) }
  guard count < 1 << 20 else { throw .refused("name", "a name of \(count) bytes") }
  var name = Array(repeating: UInt8(0), count: count + 1)
  _ = try HDF5Library.call {
    unsafe name.withUnsafeMutableBytes { buffer in
      unsafe get(buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
    }
  }
  return Array(name.prefix { $0 != 0 })
}
