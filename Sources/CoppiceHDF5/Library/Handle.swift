import CCoppiceHDF5

/// The kind of an identifier, with the call that closes it.
protocol HandleKind {
  static func close(_ id: hid_t) -> herr_t
}

/// Sole owner of one HDF5 identifier; the only `deinit` in the module.
struct Handle<Kind: HandleKind>: ~Copyable, Sendable {
  let id: hid_t

  /// Keeps the identifier that a call opens; a failed call gives no handle to close.
  init(_ open: () -> hid_t) throws(HDF5Error) { id = try HDF5Library.call(open) }

  /// Takes ownership of an identifier that a call has just returned.
  init(adopting id: hid_t) { self.id = id }

  deinit {
    let id = id
    _ = HDF5Library.value { Kind.close(id) }
  }

  /// Closes the object and reports errors that the `deinit` would lose.
  consuming func close() throws(HDF5Error) {
    let id = id
    discard self
    _ = try HDF5Library.call { Kind.close(id) }
  }
}

enum FileKind: HandleKind {
  static func close(_ id: hid_t) -> herr_t { H5Fclose(id) }
}

enum GroupKind: HandleKind {
  static func close(_ id: hid_t) -> herr_t { H5Gclose(id) }
}

enum DatasetKind: HandleKind {
  static func close(_ id: hid_t) -> herr_t { H5Dclose(id) }
}

enum DatatypeKind: HandleKind {
  static func close(_ id: hid_t) -> herr_t { H5Tclose(id) }
}

enum DataspaceKind: HandleKind {
  static func close(_ id: hid_t) -> herr_t { H5Sclose(id) }
}

enum PropertyListKind: HandleKind {
  static func close(_ id: hid_t) -> herr_t { H5Pclose(id) }
}

enum AttributeKind: HandleKind {
  static func close(_ id: hid_t) -> herr_t { H5Aclose(id) }
}
