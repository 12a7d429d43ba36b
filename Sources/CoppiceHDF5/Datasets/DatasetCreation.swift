import CCoppiceHDF5

/// The properties that a dataset got when it was made: its layout and its fill value.
///
/// libhdf5 copies the list for each access, so take it once to read several properties.
package struct DatasetCreation: ~Copyable, Sendable {
  let list: PropertyList
}

extension Dataset {
  /// Returns the properties that the dataset got when it was made.
  package func creation() throws(HDF5Error) -> DatasetCreation {
    let id = handle.id
    return DatasetCreation(list: try PropertyList(taking: { H5Dget_create_plist(id) }))
  }

  /// Returns the storage layout of the elements.
  package func layout() throws(HDF5Error) -> DatasetLayout { try creation().layout() }

  /// Returns the mappings of a virtual dataset, without opening other files.
  ///
  /// - Returns: One entry for each mapping; `nil` for those that aren't boxes or have no bounds.
  /// - Throws: When there are more than `limit` mappings.
  package func virtualMappings(limit: Int = 1 << 16) throws(HDF5Error) -> [VirtualMapping?] {
    try creation().virtualMappings(limit: limit)
  }

  /// Returns the bytes of one element where nothing was written; `nil` when none was chosen.
  ///
  /// - Parameter limit: The most bytes that the value may have; larger ones count as none.
  package func fillValue(limit: Int = 64) throws(HDF5Error) -> [UInt8]? {
    try creation().fillValue(type: datatype(), limit: limit)
  }
}

extension DatasetCreation {
  var layoutClass: H5D_layout_t {
    let id = list.id
    return HDF5Library.value { H5Pget_layout(id) }
  }

  /// Returns whether libhdf5 can read the extent without opening other files.
  package func hasOwnExtent() throws(HDF5Error) -> Bool {
    guard layoutClass == H5D_VIRTUAL else { return true }
    return try !virtualMappings().contains(nil)
  }

  /// Returns the bytes of one element where nothing was written; `nil` when none was chosen.
  ///
  /// - Parameters:
  ///   - type: The dataset's type.
  ///   - limit: The most bytes that the value may have; larger ones count as none.
  package func fillValue(
    type: borrowing Datatype, limit: Int = 64
  ) throws(HDF5Error) -> [UInt8]? {
    let (id, typeID) = (list.id, type.id)
    var state = H5D_FILL_VALUE_UNDEFINED
    _ = try HDF5Library.call { unsafe H5Pfill_value_defined(id, &state) }
    guard state == H5D_FILL_VALUE_USER_DEFINED else { return nil }
    let width = try type.byteCount()
    guard width <= limit, try !type.description().holdsPointers else { return nil }
    var bytes = Array(repeating: UInt8(0), count: width)
    _ = try HDF5Library.call {
      unsafe bytes.withUnsafeMutableBytes {
        unsafe H5Pget_fill_value(id, typeID, $0.baseAddress)
      }
    }
    return bytes
  }
}
