import CCoppiceHDF5

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Texts of variable length.
enum VariableStrings {
  /// Reads texts through a call that fills an array of pointers.
  ///
  /// - Parameters:
  ///   - limit: The most bytes that all texts together may have.
  ///   - read: Fills pointers for elements of the memory type given.
  /// - Returns: `nil` when the texts have more bytes than the limit.
  static func read(
    count: Int, limit: Int, type: borrowing Datatype, space: borrowing Dataspace,
    transfer: hid_t = hid_t(H5P_DEFAULT),
    _ read: (hid_t, UnsafeMutableRawPointer?) -> herr_t
  ) throws(HDF5Error) -> [[UInt8]]? {
    guard count > 0 else { return [] }
    return try unsafe VariableElements.read(
      count: count, empty: nil as UnsafeMutablePointer<CChar>?, type: type, space: space,
      transfer: transfer, read
    ) { pointers -> [[UInt8]]? in
      var strings: [[UInt8]] = []
      var left = limit
      for index in unsafe pointers.indices {
        let pointer = unsafe pointers[index]
        let length = unsafe pointer.map { unsafe strlen($0) } ?? 0
        left -= length
        guard left >= 0 else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(start: pointer, count: length)
        unsafe strings.append(Array(bytes))
      }
      return strings
    }
  }

  /// Returns the bytes of all texts of an attribute, as the file states them.
  ///
  /// The call allocates no memory for the texts.
  static func byteCount(
    ofAttribute id: hid_t, count: Int, type: borrowing Datatype
  ) throws(HDF5Error) -> Int {
    guard count > 0 else { return 0 }
    let size = Int(clamping: HDF5Library.value { H5Aget_storage_size(id) })
    let width = size / count
    // A reference is a length of four bytes, an address and an index; libhdf5 reports any other.
    guard size == count * width, (8...32).contains(width) else { return 0 }
    var references = [UInt8](repeating: 0, count: size)
    let typeID = type.id
    _ = try HDF5Library.call {
      unsafe references.withUnsafeMutableBytes {
        unsafe chdf5_a_read_references(id, typeID, width, $0.baseAddress)
      }
    }
    return stride(from: 0, to: size, by: width).reduce(0) { total, place in
      total + (0..<4).reduce(0) { $0 | Int(references[place + $1]) << (8 * $1) }
    }
  }

  /// Passes texts, each with a final NUL, to a call that takes an array of pointers.
  ///
  /// - Throws: When a text holds a NUL, which would silently shorten it.
  static func write(
    _ strings: [[UInt8]], _ write: (UnsafeRawPointer?) -> herr_t
  ) throws(HDF5Error) {
    guard !strings.contains(where: { $0.contains(0) }) else {
      throw .refused("strings", "a text holds a NUL byte")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(strings.reduce(0) { $0 + $1.count + 1 })
    var starts: [Int] = []
    for string in strings {
      starts.append(bytes.count)
      bytes += string
      bytes.append(0)
    }
    _ = try HDF5Library.call {
      unsafe bytes.withUnsafeBytes { bytes in
        let pointers: [UnsafeRawPointer?] = unsafe starts.map { start in
          unsafe bytes.baseAddress.map { unsafe $0 + start }
        }
        return unsafe pointers.withUnsafeBytes { unsafe write($0.baseAddress) }
      }
    }
  }
}
