import CCoppiceHDF5

extension Group {
  /// Makes a contiguous dataset, allocated at once and not filled.
  ///
  /// Missing groups of the path are made too.
  package func createDataset(
    _ path: some HDF5Name, type: borrowing Datatype, dimensions: [UInt64]
  ) throws(HDF5Error) -> Dataset {
    let list = try PropertyList.contiguousCreation.get()
    return try createDataset(path.nameBytes, type: type, dimensions: dimensions, list: list)
  }

  /// Makes a chunked dataset, whose chunks the caller writes with `writeChunk`.
  package func createDataset(
    _ path: some HDF5Name, type: borrowing Datatype, dimensions: [UInt64], chunk: [UInt64],
    filters: [Filter]
  ) throws(HDF5Error) -> Dataset {
    guard chunk.count == dimensions.count, !chunk.isEmpty else {
      throw .refused("create", "the chunk has another rank than the dataset, or none")
    }
    let list = try PropertyList.datasetCreation()
    try list.set {
      unsafe chunk.withUnsafeBufferPointer { [id = $0] chunk in
        unsafe H5Pset_chunk(id, Int32(chunk.count), chunk.baseAddress)
      }
    }
    try list.set { H5Pset_fill_time($0, H5D_FILL_TIME_NEVER) }
    for filter in filters { try list.append(filter) }
    return try createDataset(
      path.nameBytes, type: type, dimensions: dimensions, list: list.id)
  }

  /// Makes a dataset whose elements are in the object header: at most 64 KiB.
  package func createCompactDataset(
    _ path: some HDF5Name, type: borrowing Datatype, dimensions: [UInt64]
  ) throws(HDF5Error) -> Dataset {
    let list = try PropertyList.datasetCreation()
    try list.set { H5Pset_layout($0, H5D_COMPACT) }
    return try createDataset(path.nameBytes, type: type, dimensions: dimensions, list: list.id)
  }

  /// Makes a dataset of UTF-8 texts of variable length, which libhdf5 always fills.
  package func createTextDataset(
    _ path: some HDF5Name, dimensions: [UInt64]
  ) throws(HDF5Error) -> Dataset {
    let list = try PropertyList.datasetCreation()
    return try createDataset(
      path.nameBytes, type: .variableString(), dimensions: dimensions, list: list.id)
  }

  /// Makes a dataset that has no elements and no shape: h5py's `Empty`.
  package func createNullDataset(
    _ path: some HDF5Name, type: borrowing Datatype
  ) throws(HDF5Error) -> Dataset {
    let list = try PropertyList.datasetCreation()
    return try createDataset(path.nameBytes, type: type, space: .null(), list: list.id)
  }

  func createDataset(
    _ path: [UInt8], type: borrowing Datatype, dimensions: [UInt64], list: hid_t
  ) throws(HDF5Error) -> Dataset {
    try createDataset(path, type: type, space: Dataspace(dimensions), list: list)
  }

  private func createDataset(
    _ path: [UInt8], type: borrowing Datatype, space: consuming Dataspace, list: hid_t
  ) throws(HDF5Error) -> Dataset {
    try createAncestors(of: path)
    let (location, typeID, spaceID) = (handle.id, type.id, space.id)
    let id = try unsafe withCString(path) { (path) throws(HDF5Error) -> hid_t in
      try HDF5Library.call {
        unsafe H5Dcreate2(
          location, path, typeID, spaceID, hid_t(H5P_DEFAULT), list, hid_t(H5P_DEFAULT))
      }
    }
    return Dataset(adopting: id)
  }
}

extension PropertyList {
  /// Makes a creation list for a dataset without times.
  static func datasetCreation() throws(HDF5Error) -> PropertyList {
    let list = try PropertyList(chdf5_p_dataset_create)
    try list.set { H5Pset_obj_track_times($0, false) }
    return list
  }

  func append(_ filter: Filter) throws(HDF5Error) {
    let id = handle.id
    // libhdf5 adds the element width itself, and accepts no other way.
    if filter.identifier == Filter.shuffleIdentifier {
      _ = try HDF5Library.call { H5Pset_shuffle(id) }
      return
    }
    _ = try HDF5Library.call {
      unsafe filter.values.withUnsafeBufferPointer { values in
        unsafe H5Pset_filter(
          id, filter.identifier, filter.flags, values.count, values.baseAddress)
      }
    }
  }
}
