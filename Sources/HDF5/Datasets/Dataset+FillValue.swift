import CHDF5

extension Dataset {
  /// The bytes of one element where nothing was written; `nil` when none was chosen.
  ///
  /// - Parameter limit: The most bytes that the value may have; larger ones count as none.
  package func fillValue(limit: Int = 64) throws(HDF5Error) -> [UInt8]? {
    let creation = try creationList()
    let type = try datatype()
    let (list, typeID) = (creation.id, type.id)
    var state = H5D_FILL_VALUE_UNDEFINED
    _ = try HDF5Library.call { unsafe H5Pfill_value_defined(list, &state) }
    let width = try type.byteCount()
    guard state == H5D_FILL_VALUE_USER_DEFINED, width <= limit,
      try !type.description().holdsPointers
    else { return nil }
    var bytes = Array(repeating: UInt8(0), count: width)
    _ = try HDF5Library.call {
      unsafe bytes.withUnsafeMutableBytes {
        unsafe H5Pget_fill_value(list, typeID, $0.baseAddress)
      }
    }
    return bytes
  }
}
