import CCoppiceHDF5

/// An HDF5 datatype.
package struct Datatype: ~Copyable, Sendable {
  let handle: Handle<DatatypeKind>

  var id: hid_t { handle.id }

  init(adopting id: hid_t) { handle = Handle(adopting: id) }

  init(_ open: () -> hid_t) throws(HDF5Error) { handle = try Handle(open) }

  /// Applies one setting.
  func set(_ setting: (hid_t) -> herr_t) throws(HDF5Error) {
    let id = handle.id
    _ = try HDF5Library.call { setting(id) }
  }
}

extension Datatype {
  /// Returns the bytes of one element.
  package func byteCount() throws(HDF5Error) -> Int {
    let id = handle.id
    let size = HDF5Library.value { H5Tget_size(id) }
    guard size > 0 else { throw .refused("datatype", "the type has no size") }
    return size
  }

  /// Returns whether two types are the same in every respect.
  package func isEqual(to other: borrowing Datatype) throws(HDF5Error) -> Bool {
    let (id, otherID) = (handle.id, other.id)
    return try HDF5Library.call { H5Tequal(id, otherID) } > 0
  }
}
