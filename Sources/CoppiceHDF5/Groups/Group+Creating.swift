import CCoppiceHDF5

extension Group {
  /// Makes a group at a path from here, and the missing groups before it.
  ///
  /// - Throws: When there is an object at the path already.
  package func createGroup(_ path: some HDF5Name) throws(HDF5Error) -> Group {
    try createAncestors(of: path.nameBytes)
    return try makeGroup(path.nameBytes)
  }

  /// Opens the group at a path from here; makes it, and the groups before it, if missing.
  package func requireGroup(_ path: some HDF5Name) throws(HDF5Error) -> Group {
    try createAncestors(of: path.nameBytes)
    return try hasOneLink(path.nameBytes) ? openGroup(path) : makeGroup(path.nameBytes)
  }

  /// Makes the missing groups before the last component of a path.
  ///
  /// libhdf5 could make them by itself, but would store the time in them.
  func createAncestors(of path: [UInt8]) throws(HDF5Error) {
    for prefix in pathPrefixes(path).dropLast() where try !hasOneLink(prefix) {
      try makeGroup(prefix).close()
    }
  }

  private func makeGroup(_ path: [UInt8]) throws(HDF5Error) -> Group {
    let location = handle.id
    let creation = try PropertyList.groupCreation.get()
    let id = try unsafe withCString(path) { (path) throws(HDF5Error) -> hid_t in
      try HDF5Library.call {
        unsafe H5Gcreate2(location, path, hid_t(H5P_DEFAULT), creation, hid_t(H5P_DEFAULT))
      }
    }
    return Group(adopting: id)
  }

  /// Returns whether a link exists; all but the path's last component must exist.
  private func hasOneLink(_ path: [UInt8]) throws(HDF5Error) -> Bool {
    let location = handle.id
    return try unsafe withCString(path) { (path) throws(HDF5Error) -> Bool in
      try HDF5Library.call { unsafe H5Lexists(location, path, hid_t(H5P_DEFAULT)) } > 0
    }
  }
}
