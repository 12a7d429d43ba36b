import CCoppiceHDF5

/// A dataset of an open file.
package struct Dataset: ~Copyable, HDF5Object {
  let handle: Handle<DatasetKind>

  package var objectID: Int64 { handle.id }

  init(adopting id: hid_t) { handle = Handle(adopting: id) }

  /// Opens a dataset by a path from another object.
  init(at path: some HDF5Name, in location: hid_t) throws(HDF5Error) {
    let access = try PropertyList.datasetAccess.get()
    let id = try unsafe withCString(path) { (path) throws(HDF5Error) -> hid_t in
      try HDF5Library.call { unsafe H5Dopen2(location, path, access) }
    }
    handle = Handle(adopting: id)
  }

  /// Closes the dataset and reports what could not be written.
  package consuming func close() throws(HDF5Error) { try handle.close() }
}

extension Dataset {
  /// Returns the element type.
  package func datatype() throws(HDF5Error) -> Datatype {
    let id = handle.id
    return try Datatype { H5Dget_type(id) }
  }

  /// Returns the extents.
  ///
  /// - Throws: Also for virtual datasets whose mappings aren't all bounded boxes: libhdf5 would
  ///   open the source files to answer.
  package func extent() throws(HDF5Error) -> Extent { try space().extent() }

  /// Returns the range of a contiguous dataset's elements in the file.
  ///
  /// - Returns: `nil` for other layouts, and where nothing is allocated.
  package func contiguousExtent() throws(HDF5Error) -> FileRange? {
    let id = handle.id
    let offset = HDF5Library.value { chdf5_d_get_offset(id) }
    guard offset != chdf5_addr_undef() else { return nil }
    return FileRange(
      offset: UInt64(offset), byteCount: HDF5Library.value { H5Dget_storage_size(id) })
  }

  /// Returns the range of a contiguous dataset whose space was allocated when it was made.
  ///
  /// - Throws: Also where nothing is allocated: a guessed offset would aim data at the superblock.
  package func allocatedExtent() throws(HDF5Error) -> FileRange {
    guard let range = try contiguousExtent() else {
      throw .refused("allocatedExtent", "libhdf5 allocated no space for the dataset")
    }
    return range
  }

  func space() throws(HDF5Error) -> Dataspace {
    let id = handle.id
    guard try creation().hasOwnExtent() else {
      throw .refused("extent", "a virtual dataset takes its extent from other datasets")
    }
    return try Dataspace { H5Dget_space(id) }
  }
}

/// A range of a file's bytes.
package struct FileRange: Hashable, Sendable {
  package var offset: UInt64
  package var byteCount: UInt64

  package init(offset: UInt64, byteCount: UInt64) {
    self.offset = offset
    self.byteCount = byteCount
  }
}
