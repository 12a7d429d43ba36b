import CCoppiceHDF5

extension Dataset {
  /// Writes all elements, or those of a box, from bytes in C order.
  ///
  /// The bytes have the file's own representation of the elements: nothing is converted.
  package func write(_ bytes: RawSpan, in box: Box? = nil) throws(HDF5Error) {
    try transfer(box: box, byteCount: bytes.byteCount) {
      (id, type, memory, file) throws(HDF5Error) in
      _ = try HDF5Library.call {
        unsafe bytes.withUnsafeBytes { bytes in
          unsafe H5Dwrite(id, type, memory, file, hid_t(H5P_DEFAULT), bytes.baseAddress)
        }
      }
    }
  }

  /// Reads all elements, or those of a box, as bytes in C order.
  ///
  /// The bytes have the file's own representation of the elements: nothing is converted.
  package func read(into bytes: inout MutableRawSpan, in box: Box? = nil) throws(HDF5Error) {
    try transfer(box: box, byteCount: bytes.byteCount) {
      (id, type, memory, file) throws(HDF5Error) in
      _ = try HDF5Library.call {
        unsafe bytes.withUnsafeMutableBytes { bytes in
          unsafe H5Dread(id, type, memory, file, hid_t(H5P_DEFAULT), bytes.baseAddress)
        }
      }
    }
  }

  /// Checks the request, then moves the elements with the memory's type equal to the file's.
  private func transfer(
    box: Box?, byteCount: Int,
    _ move: (_ id: hid_t, _ type: hid_t, _ memory: hid_t, _ file: hid_t) throws(HDF5Error) -> Void
  ) throws(HDF5Error) {
    switch try layout() {
    case .contiguous, .compact, .chunked(_, filters: []): break
    case .chunked: throw .refused("transfer", "coded chunks are read and written one by one")
    case .virtual: throw .refused("transfer", "a virtual dataset's elements lie in other datasets")
    case .external: throw .refused("transfer", "the elements lie outside the file")
    }
    let type = try datatype()
    guard try !type.description().holdsPointers else {
      throw .refused("transfer", "elements of variable length have no bytes of their own")
    }
    let space = try space()
    guard let width = UInt64(exactly: try type.byteCount()),
      let count = try elementCount(of: box, in: space),
      case let (expected, overflow) = count.multipliedReportingOverflow(by: width), !overflow,
      expected == UInt64(exactly: byteCount)
    else { throw .refused("transfer", "\(byteCount) bytes are not those of the elements") }
    guard let box, !box.shape.isEmpty else {
      if byteCount > 0 { try move(handle.id, type.id, hid_t(H5S_ALL), hid_t(H5S_ALL)) }
      return
    }
    try space.select(box)
    guard byteCount > 0 else { return }
    let memory = try Dataspace(box.shape)
    try move(handle.id, type.id, memory.id, space.id)
  }

  private func elementCount(
    of box: Box?, in space: borrowing Dataspace
  ) throws(HDF5Error) -> UInt64? {
    if let box { return product(box.shape) }
    return try space.extent().elementCount
  }
}
