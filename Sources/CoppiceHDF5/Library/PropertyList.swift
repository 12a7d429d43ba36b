import CCoppiceHDF5

/// A list of settings for one call of libhdf5.
struct PropertyList: ~Copyable, Sendable {
  let handle: Handle<PropertyListKind>

  var id: hid_t { handle.id }

  /// Makes a list of a class.
  init(_ listClass: () -> hid_t) throws(HDF5Error) {
    handle = try Handle { H5Pcreate(listClass()) }
  }

  /// Takes ownership of the list that a call returns.
  init(taking open: () -> hid_t) throws(HDF5Error) { handle = try Handle(open) }

  /// Applies one setting.
  func set(_ setting: (hid_t) -> herr_t) throws(HDF5Error) {
    let id = handle.id
    _ = try HDF5Library.call { setting(id) }
  }
}

extension PropertyList {
  /// Makes a list for the whole process, which is never changed and never closed.
  private static func shared(
    _ listClass: () -> hid_t, _ settings: (hid_t) -> herr_t
  ) -> Result<hid_t, HDF5Error> {
    Result { () throws(HDF5Error) -> hid_t in
      let id = try HDF5Library.call { H5Pcreate(listClass()) }
      _ = try HDF5Library.call { settings(id) }
      return id
    }
  }

  /// The list that makes groups without times, so that equal contents give equal bytes.
  static let groupCreation = shared(chdf5_p_group_create) { H5Pset_obj_track_times($0, false) }

  /// The list that makes contiguous datasets, allocated at once and never filled.
  ///
  /// Their bytes may thus be written without libhdf5, at a known offset.
  static let contiguousCreation = shared(chdf5_p_dataset_create) { id in
    if H5Pset_obj_track_times(id, false) < 0 { return -1 }
    if H5Pset_layout(id, H5D_CONTIGUOUS) < 0 { return -1 }
    if H5Pset_alloc_time(id, H5D_ALLOC_TIME_EARLY) < 0 { return -1 }
    return H5Pset_fill_time(id, H5D_FILL_TIME_NEVER)
  }

  /// The lists that refuse links into another file.
  static let linkAccess = shared(chdf5_p_link_access, chdf5_p_refuse_external_links)
  static let groupAccess = shared(chdf5_p_group_access, chdf5_p_refuse_external_links)
  static let datasetAccess = shared(chdf5_p_dataset_access, chdf5_p_refuse_external_links)
}
