import CCoppiceHDF5

/// An open HDF5 file: one that this process makes, or one that it only reads.
///
/// A file is made exclusively, and never changed once closed. Writers must call `close()`, which
/// reports what libhdf5 could not write; readers may release the file without it.
package struct File: ~Copyable, Sendable {
  let handle: Handle<FileKind>

  /// The bytes with which the format begins.
  package static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The alignment of objects in a new file.
  package struct Layout: Hashable, Sendable {
    /// Objects of at least this many bytes are aligned.
    package var alignmentThreshold: Int
    /// The alignment of such objects in bytes.
    package var alignment: Int

    /// Makes a layout; by default, pages let bulk data move without libhdf5, in parallel or mapped.
    package init(alignmentThreshold: Int = 4096, alignment: Int = 4096) {
      self.alignmentThreshold = alignmentThreshold
      self.alignment = alignment
    }
  }

  /// Makes a file; fails if the file exists, and never replaces it.
  ///
  /// The formats are limited to HDF5 1.8 to 1.10, and no times are stored, so that equal contents
  /// give equal bytes.
  ///
  /// - Parameter isThere: Whether the caller has made the file already, empty, to stage the output.
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

  /// Opens a file for reading.
  package init(readingFrom path: some HDF5Name) throws(HDF5Error) {
    let access = try Self.makeAccessList()
    let accessID = access.id
    let id = try unsafe withCString(path) { (path) throws(HDF5Error) -> hid_t in
      try HDF5Library.call { unsafe H5Fopen(path, chdf5_acc_rdonly(), accessID) }
    }
    handle = Handle(adopting: id)
  }

  /// Makes an access list without locks: files are written once, in a directory of their own.
  private static func makeAccessList() throws(HDF5Error) -> PropertyList {
    let access = try PropertyList(chdf5_p_file_access)
    try access.set { chdf5_p_set_no_file_locking($0) }
    return access
  }
}

extension File {
  /// Opens the file's root group.
  package func root() throws(HDF5Error) -> Group { try Group(at: "/", in: handle.id) }

  /// Returns the file's size as libhdf5 sees it, including allocated bytes not yet written.
  package func byteCount() throws(HDF5Error) -> UInt64 {
    let id = handle.id
    var size: hsize_t = 0
    _ = try HDF5Library.call { unsafe H5Fget_filesize(id, &size) }
    return size
  }

  /// Passes all that libhdf5 holds back to the system; this doesn't sync the disk.
  package func flush() throws(HDF5Error) {
    let id = handle.id
    _ = try HDF5Library.call { H5Fflush(id, H5F_SCOPE_GLOBAL) }
  }

  /// Writes what is left and closes the file, reporting errors.
  ///
  /// Release all groups, datasets and datatypes of the file before: libhdf5 would keep the file
  /// open for them and report nothing, so the call refuses to close it.
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
