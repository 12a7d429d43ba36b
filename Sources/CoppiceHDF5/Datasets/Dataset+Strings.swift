import CCoppiceHDF5

extension Dataset {
  /// Reads the elements of a dataset that aren't stored inline, in C order: the bytes of texts,
  /// each without its final NUL, and of sequences, or the addresses of references to objects.
  ///
  /// - Parameter limit: The most bytes of all elements together; each counts as at least 16.
  /// - Returns: `nil` when there are more.
  package func variableElements(limit: Int) throws(HDF5Error) -> [[UInt8]]? {
    switch try layout() {
    case .contiguous, .compact, .chunked: break
    case .virtual: throw .refused("strings", "a virtual dataset's elements lie in other datasets")
    case .external: throw .refused("strings", "the elements lie outside the file")
    }
    let type = try datatype()
    let space = try space()
    guard let count = try space.extent().elementCount, count <= UInt64(limit) / 16
    else { return nil }
    let id = handle.id
    let transfer = try PropertyList(chdf5_p_dataset_xfer)
    let transferID = transfer.id
    let read = { (memory: hid_t, elements: UnsafeMutableRawPointer?) in
      unsafe H5Dread(id, memory, hid_t(H5S_ALL), hid_t(H5S_ALL), transferID, elements)
    }
    let description = try type.description()
    if description == .objectReference {
      var bytes = Array(repeating: UInt8(0), count: 8 * Int(count))
      let typeID = type.id
      if !bytes.isEmpty {
        _ = try HDF5Library.call {
          unsafe bytes.withUnsafeMutableBytes { unsafe read(typeID, $0.baseAddress) }
        }
      }
      return bytes.divided(by: 8)
    }
    // libhdf5 keeps the budget's address until the elements are freed. Final NULs count too.
    var budget = chdf5_budget(left: limit)
    return try unsafe withUnsafeMutablePointer(to: &budget) {
      (budget) throws(HDF5Error) -> [[UInt8]]? in
      _ = try HDF5Library.call { unsafe chdf5_p_set_vlen_budget(transferID, budget) }
      switch description {
      case .variableString:
        return try unsafe VariableStrings.read(
          count: Int(count), limit: limit, type: type, space: space, transfer: transferID, read)
      case .variableLength(let base) where !base.holdsPointers:
        guard let width = base.byteCount, width > 0 else { return nil }
        return try unsafe VariableSequences.read(
          count: Int(count), width: width, limit: limit, type: type, space: space,
          transfer: transferID, read)
      default: throw .refused("strings", "the elements are of no variable length")
      }
    }
  }

  /// Writes the texts of a dataset of variable-length texts, in C order.
  ///
  /// - Throws: When the number of texts isn't that of the elements, or a text holds a NUL.
  package func write(texts strings: [[UInt8]]) throws(HDF5Error) {
    let type = try datatype()
    guard case .variableString = try type.description(),
      try extent().elementCount == UInt64(strings.count)
    else { throw .refused("strings", "\(strings.count) texts are not those of the elements") }
    guard !strings.isEmpty else { return }
    let (id, typeID) = (handle.id, type.id)
    try unsafe VariableStrings.write(strings) {
      unsafe H5Dwrite(id, typeID, hid_t(H5S_ALL), hid_t(H5S_ALL), hid_t(H5P_DEFAULT), $0)
    }
  }
}
