import CCoppiceHDF5

/// A group of an open file.
package struct Group: ~Copyable, HDF5Object {
  let handle: Handle<GroupKind>

  package var objectID: Int64 { handle.id }

  init(adopting id: hid_t) { handle = Handle(adopting: id) }

  /// Opens a group by a path from another object.
  init(at path: some HDF5Name, in location: hid_t) throws(HDF5Error) {
    let access = try PropertyList.groupAccess.get()
    let id = try unsafe withCString(path) { (path) throws(HDF5Error) -> hid_t in
      try HDF5Library.call { unsafe H5Gopen2(location, path, access) }
    }
    handle = Handle(adopting: id)
  }

  /// Closes the group; releasing it does the same.
  package consuming func close() throws(HDF5Error) { try handle.close() }
}

extension Group {
  /// Opens a group at a path from here, refusing external links on the path.
  package func openGroup(_ path: some HDF5Name) throws(HDF5Error) -> Group {
    try Group(at: path, in: handle.id)
  }

  /// Opens a dataset at a path from here, refusing external links on the path.
  package func openDataset(_ path: some HDF5Name) throws(HDF5Error) -> Dataset {
    try Dataset(at: path, in: handle.id)
  }

  /// Opens a named datatype at a path from here.
  package func openDatatype(_ path: some HDF5Name) throws(HDF5Error) -> Datatype {
    let location = handle.id
    let id = try unsafe withCString(path) { (path) throws(HDF5Error) -> hid_t in
      try HDF5Library.call { unsafe H5Topen2(location, path, hid_t(H5P_DEFAULT)) }
    }
    return Datatype(adopting: id)
  }

  /// Returns the kind and identity of the object at a path from here.
  package func info(at path: some HDF5Name) throws(HDF5Error) -> ObjectInfo {
    let location = handle.id
    let access = try PropertyList.linkAccess.get()
    return try unsafe withCString(path) { (path) throws(HDF5Error) in
      try ObjectInfo {
        unsafe chdf5_o_get_info_by_name(
          location, path, &$0.address, &$0.type, &$0.links, &$0.attributes, access)
      }
    }
  }

  /// Returns whether there is a link at a path from here, whatever its target.
  package func hasLink(_ path: some HDF5Name) throws(HDF5Error) -> Bool {
    let location = handle.id
    let access = try PropertyList.linkAccess.get()
    for prefix in pathPrefixes(path.nameBytes) {
      let exists = try unsafe withCString(prefix) { (path) throws(HDF5Error) -> htri_t in
        try HDF5Library.call { unsafe H5Lexists(location, path, access) }
      }
      guard exists > 0 else { return false }
    }
    return true
  }
}

/// Returns the paths of a path's ancestors, from the top down, then the path itself.
func pathPrefixes(_ path: [UInt8]) -> [[UInt8]] {
  let slash = UInt8(ascii: "/")
  var prefixes: [[UInt8]] = []
  for (index, byte) in path.enumerated()
  where byte == slash && index > 0 && path[index - 1] != slash {
    prefixes.append(Array(path[..<index]))
  }
  if path.last != slash, !path.isEmpty { prefixes.append(path) }
  return prefixes
}
