import CCoppiceHDF5

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file's bytes, read without libhdf5 through the descriptor that libhdf5 holds.
package struct FileBytes: ~Copyable {
  let descriptor: Int32
  // Keeps the file open while its descriptor is in use; `nil` where the caller does.
  private let file: Handle<FileKind>?

  /// The most bytes that one structure may have.
  static let maximumCount = 1 << 20

  /// Whether addresses and lengths take eight bytes.
  let hasWideAddresses: Bool
  /// The bytes of a foreign header before HDF5's own; addresses count from its end.
  let userblock: UInt64

  /// Finds the file of an object.
  static func of(object: hid_t) throws(HDF5Error) -> FileBytes {
    let file = try Handle<FileKind> { H5Iget_file_id(object) }
    let id = file.id
    let creation = try PropertyList(taking: { H5Fget_create_plist(id) })
    let list = creation.id
    var userblock: hsize_t = 0
    var (addressSize, lengthSize) = (0, 0)
    _ = try HDF5Library.call { unsafe H5Pget_userblock(list, &userblock) }
    _ = try HDF5Library.call { unsafe H5Pget_sizes(list, &addressSize, &lengthSize) }
    var descriptor: Int32 = -1
    _ = try HDF5Library.call { unsafe chdf5_f_get_descriptor(id, &descriptor) }
    return FileBytes(
      descriptor: descriptor, file: file, hasWideAddresses: addressSize == 8 && lengthSize == 8,
      userblock: userblock)
  }

  /// Reads a file that libhdf5 doesn't hold; it must stay open meanwhile.
  package init(descriptor: Int32) {
    self.init(descriptor: descriptor, file: nil, hasWideAddresses: true, userblock: 0)
  }

  private init(
    descriptor: Int32, file: consuming Handle<FileKind>?, hasWideAddresses: Bool,
    userblock: UInt64
  ) {
    self.descriptor = descriptor
    self.file = file
    self.hasWideAddresses = hasWideAddresses
    self.userblock = userblock
  }

  /// Returns the offset of an address in the file; `nil` when it overflows.
  func offset(of address: UInt64) -> UInt64? {
    let (offset, overflow) = address.addingReportingOverflow(userblock)
    return overflow ? nil : offset
  }

  /// Reads bytes; returns `nil` when the file has no such range.
  func read(at address: UInt64, count: Int) -> [UInt8]? {
    guard count <= Self.maximumCount, let offset = offset(of: address),
      let start = Int(exactly: offset)
    else { return nil }
    var bytes = Array(repeating: UInt8(0), count: count)
    var done = 0
    while done < count {
      let (position, overflow) = start.addingReportingOverflow(done)
      guard !overflow else { return nil }
      let read = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe pread(
          descriptor, buffer.baseAddress.map { unsafe $0 + done }, count - done, off_t(position))
      }
      if read < 0 && errno == EINTR { continue }
      guard read > 0 else { return nil }
      done += read
    }
    return bytes
  }
}

/// Returns a little-endian number of up to eight bytes; `nil` beyond the end.
func littleEndian(_ bytes: [UInt8], at offset: Int, count: Int) -> UInt64? {
  guard offset >= 0, count <= 8, offset <= bytes.count, count <= bytes.count - offset else {
    return nil
  }
  return bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
}
