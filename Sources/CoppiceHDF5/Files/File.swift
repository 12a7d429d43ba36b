import CCoppiceHDF5

/// An open HDF5 file: one that this process makes, or one that it only reads.
///
/// A file is made exclusively, and never changed once closed. Writers call `close()`, which reports
/// what could not be written; readers may let go.
package struct File: ~Copyable, Sendable {
  let handle: Handle<FileKind>

  /// How a new file is laid out.
  package struct Layout: Hashable, Sendable {
    /// Objects of at least this many bytes are aligned.
    package var alignmentThreshold: Int
    /// Where aligned objects begin: at multiples of this many bytes.
    package var alignment: Int

    /// Pages, so that bulk data can move without the library, in parallel or mapped.
    package init(alignmentThreshold: Int = 4096, alignment: Int = 4096) {
      self.alignmentThreshold = alignmentThreshold
      self.alignment = alignment
    }
  }

  /// Makes a file; one that exists is refused, not replaced.
  ///
  /// Formats are bounded by HDF5 1.8 and 1.10, and no times are stored, so that equal contents give
  /// equal bytes.
  ///
  /// - Parameter isThere: The file exists and is empty, made by whoever stages the output.
  package init(
    creatingAt path: some HDF5Name, layout: Layout = Layout(), thatExists isThere: Bool = false
  ) throws(HDF5Error) {
    guard let threshold = UInt64(exactly: layout.alignmentThreshold),
      let alignment = UInt64(exactly: layout.alignment), alignment > 0
    else { throw .refused("create", "the alignment must be positive") }
    let creation = try PropertyList(chdf5_p_file_create)
    try creation.set { H5Pset_obj_track_times($0, false) }
    let access = try Self.makeAccessList()
    try access.set { H5Pset_libver_bounds($0, H5F_LIBVER_V18, H5F_LIBVER_V110) }
    try access.set { H5Pset_alignment($0, threshold, alignment) }
    let (creationID, accessID) = (creation.id, access.id)
    let id = try unsafe withCString(path) { (path) throws(HDF5Error) -> hid_t in
      let flags = isThere ? chdf5_acc_trunc() : chdf5_acc_excl()
      return try HDF5Library.call { unsafe H5Fcreate(path, flags, creationID, accessID) }
    }
    handle = Handle(adopting: id)
  }

  /// Opens a file to read it.
  package init(readingFrom path: some HDF5Name) throws(HDF5Error) {
    let access = try Self.makeAccessList()
    let accessID = access.id
    let id = try unsafe withCString(path) { (path) throws(HDF5Error) -> hid_t in
      try HDF5Library.call { unsafe H5Fopen(path, chdf5_acc_rdonly(), accessID) }
    }
    handle = Handle(adopting: id)
  }

  /// Locks are off: files are written once, in a directory of their own, and never changed.
  private static func makeAccessList() throws(HDF5Error) -> PropertyList {
    let access = try PropertyList(chdf5_p_file_access)
    try access.set { chdf5_p_set_no_file_locking($0) }
    return access
  }
}

extension File {
  /// The file's root group.
  package func root() throws(HDF5Error) -> Group { try Group(at: "/", in: handle.id) }

  /// The bytes of the file as libhdf5 sees it, with what is allocated and not yet written.
  package func byteCount() throws(HDF5Error) -> UInt64 {
    let id = handle.id
    var size: hsize_t = 0
    _ = try HDF5Library.call { unsafe H5Fget_filesize(id, &size) }
    return size
  }

  /// Hands all that the library holds back to the system, not yet to the disk.
  package func flush() throws(HDF5Error) {
    let id = handle.id
    _ = try HDF5Library.call { H5Fflush(id, H5F_SCOPE_GLOBAL) }
  }

  /// Writes what is left and closes the file, reporting what went wrong.
  ///
  /// All groups, datasets and datatypes of the file must be gone before: libhdf5 would keep the file
  /// open for them and report nothing, so that is refused here.
  package consuming func close() throws(HDF5Error) {
    try flush()
    let id = handle.id
    let count = try HDF5Library.call { H5Fget_obj_count(id, chdf5_obj_all_local()) }
    guard count <= 1 else {
      throw .refused("close", "\(count - 1) objects of the file are still open")
    }
    try handle.close()
  }
}
