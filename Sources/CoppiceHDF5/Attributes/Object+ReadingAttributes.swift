import CCoppiceHDF5

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension HDF5Object where Self: ~Copyable {
  /// Returns the names of the object's attributes in the order of their bytes.
  ///
  /// - Throws: When there are more than `limit`.
  package func attributeNames(limit: Int = 1 << 16) throws(HDF5Error) -> [[UInt8]] {
    var visit = AttributeVisit(limit: limit)
    let id = objectID
    var index: hsize_t = 0
    _ = try HDF5Library.call {
      unsafe withUnsafeMutablePointer(to: &visit) { visit in
        unsafe H5Aiterate2(
          id, H5_INDEX_NAME, H5_ITER_INC, &index, { unsafe AttributeVisit.append($1, $3) }, visit)
      }
    }
    guard !visit.isFull else {
      throw .refused("attributes", "an object has more than \(limit) attributes")
    }
    return visit.names
  }

  /// Returns an attribute's type, extent and, up to a size, its elements.
  ///
  /// - Parameter limit: The most bytes that are read.
  /// - Returns: `nil` when the object has no such attribute.
  package func attribute(
    _ name: some HDF5Name, limit: Int = 1 << 16
  ) throws(HDF5Error) -> AttributeValue? {
    let object = objectID
    let exists = try unsafe withCString(name) { (name) throws(HDF5Error) -> htri_t in
      try HDF5Library.call { unsafe H5Aexists(object, name) }
    }
    guard exists > 0 else { return nil }
    let id = try unsafe withCString(name) { (name) throws(HDF5Error) -> hid_t in
      try HDF5Library.call { unsafe H5Aopen(object, name, hid_t(H5P_DEFAULT)) }
    }
    let attribute = Handle<AttributeKind>(adopting: id)
    let type = try Datatype { H5Aget_type(id) }
    let space = try Dataspace { H5Aget_space(id) }
    var value = AttributeValue(
      type: try type.description(), extent: try space.extent(), contents: .omitted)
    guard let count = value.extent.elementCount, count <= UInt64(limit) else { return value }
    switch value.type {
    case .variableString:
      let byteCount = try VariableStrings.byteCount(
        ofAttribute: id, count: Int(count), type: type)
      guard byteCount <= limit else { return value }
      let strings = try unsafe VariableStrings.read(
        count: Int(count), limit: limit, type: type, space: space
      ) { unsafe H5Aread(id, $0, $1) }
      if let strings { value.contents = .strings(strings) }
    case .variableLength(let base) where !base.holdsPointers || base == .objectReference:
      let byteCount = try VariableStrings.byteCount(
        ofAttribute: id, count: Int(count), type: type)
      guard let width = base.byteCount, width > 0, byteCount <= limit / width else { return value }
      let sequences = try unsafe VariableSequences.read(
        count: Int(count), width: width, limit: limit, type: type, space: space
      ) { unsafe H5Aread(id, $0, $1) }
      if let sequences { value.contents = .strings(sequences) }
    case let type where type.holdsPointers && type != .objectReference: break
    default:
      let width = try type.byteCount()
      let (size, overflow) = Int(count).multipliedReportingOverflow(by: width)
      guard !overflow, size <= limit else { return value }
      var bytes = Array(repeating: UInt8(0), count: size)
      let typeID = type.id
      if size > 0 {
        _ = try HDF5Library.call {
          unsafe bytes.withUnsafeMutableBytes { unsafe H5Aread(id, typeID, $0.baseAddress) }
        }
      }
      value.contents =
        value.type == .objectReference
        ? .strings(bytes.divided(by: width)) : .bytes(bytes)
    }
    _ = attribute
    return value
  }
}

/// The state that the visiting callback fills; the callback makes no call of libhdf5.
private struct AttributeVisit {
  var limit: Int
  var names: [[UInt8]] = []
  var isFull = false

  static func append(
    _ name: UnsafePointer<CChar>?, _ context: UnsafeMutableRawPointer?
  ) -> herr_t {
    guard let name = unsafe name,
      let visit = unsafe context?.assumingMemoryBound(to: AttributeVisit.self)
    else { return -1 }
    guard unsafe visit.pointee.names.count < visit.pointee.limit else {
      unsafe visit.pointee.isFull = true
      return 1
    }
    let bytes = unsafe UnsafeRawBufferPointer(start: name, count: strlen(name))
    unsafe visit.pointee.names.append(Array(bytes))
    return 0
  }
}
