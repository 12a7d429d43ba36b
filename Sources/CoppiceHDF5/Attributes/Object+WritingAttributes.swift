import CCoppiceHDF5

extension HDF5Object where Self: ~Copyable {
  /// Writes an attribute that is one text.
  ///
  /// The text has a fixed size, so that no heap is needed and equal contents give equal bytes. An
  /// empty text takes one byte of padding.
  package func writeAttribute(
    _ name: some HDF5Name, text: String
  ) throws(HDF5Error) {
    var bytes = Array(text.utf8)
    if bytes.isEmpty { bytes = [0] }
    let type = try Datatype.string(byteCount: bytes.count)
    try writeAttribute(name, type: type, dimensions: [], bytes: bytes)
  }

  /// Writes an attribute that is one text of variable length, as h5py writes a `str`.
  ///
  /// - Throws: When the text holds a NUL.
  package func writeAttribute(
    _ name: some HDF5Name, variableText text: String
  ) throws(HDF5Error) {
    let type = try Datatype.variableString()
    let attribute = try createAttribute(name, type: type, dimensions: [])
    let (id, typeID) = (attribute.id, type.id)
    try unsafe VariableStrings.write([Array(text.utf8)]) { unsafe H5Awrite(id, typeID, $0) }
    try attribute.close()
  }

  /// Writes an attribute that is one little-endian number.
  package func writeAttribute(
    _ name: some HDF5Name, integer: some FixedWidthInteger & Sendable
  ) throws(HDF5Error) {
    var bytes: [UInt8] = []
    var rest = integer
    for _ in 0..<(integer.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
    let type = try Datatype.integer(
      byteCount: bytes.count, isSigned: type(of: integer).isSigned)
    try writeAttribute(name, type: type, dimensions: [], bytes: bytes)
  }

  /// Writes an attribute that is one `float64`.
  package func writeAttribute(_ name: some HDF5Name, number: Double) throws(HDF5Error) {
    let pattern = number.bitPattern
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: pattern >> (8 * $0)) }
    try writeAttribute(name, type: .float64(), dimensions: [], bytes: bytes)
  }

  /// Writes an attribute of any type whose elements are stored inline.
  ///
  /// - Parameter dimensions: The extents; an empty list means a scalar.
  package func writeAttribute(
    _ name: some HDF5Name, type: borrowing Datatype, dimensions: [UInt64], bytes: [UInt8]
  ) throws(HDF5Error) {
    let width = try type.byteCount()
    guard try !type.description().holdsPointers, let count = product(dimensions),
      case let (expected, overflow) = count.multipliedReportingOverflow(by: UInt64(width)),
      !overflow, expected == UInt64(bytes.count)
    else { throw .refused("attribute", "\(bytes.count) bytes are not those of the elements") }
    let attribute = try createAttribute(name, type: type, dimensions: dimensions)
    let (id, typeID) = (attribute.id, type.id)
    if !bytes.isEmpty {
      _ = try HDF5Library.call {
        unsafe bytes.withUnsafeBytes { unsafe H5Awrite(id, typeID, $0.baseAddress) }
      }
    }
    try attribute.close()
  }

  private func createAttribute(
    _ name: some HDF5Name, type: borrowing Datatype, dimensions: [UInt64]
  ) throws(HDF5Error) -> Handle<AttributeKind> {
    let space = try Dataspace(dimensions)
    let (object, typeID, spaceID) = (objectID, type.id, space.id)
    let id = try unsafe withCString(name) { (name) throws(HDF5Error) -> hid_t in
      try HDF5Library.call {
        unsafe H5Acreate2(
          object, name, typeID, spaceID, hid_t(H5P_DEFAULT), hid_t(H5P_DEFAULT))
      }
    }
    return Handle<AttributeKind>(adopting: id)
  }
}
