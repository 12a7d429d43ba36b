import CCoppiceHDF5

/// Elements of variable length, of which libhdf5 allocates each, and must free each.
enum VariableElements {
  /// Reads elements through a call that fills an array of what refers to them.
  ///
  /// - Parameters:
  ///   - empty: What refers to nothing.
  ///   - read: Fills elements of the memory type given.
  ///   - body: Copies what the elements refer to, which is freed afterwards.
  static func read<Element: BitwiseCopyable, Result>(
    count: Int, empty: Element, type: borrowing Datatype, space: borrowing Dataspace,
    transfer: hid_t, _ read: (hid_t, UnsafeMutableRawPointer?) -> herr_t,
    _ body: ([Element]) -> Result
  ) throws(HDF5Error) -> Result {
    var elements = Array(repeating: empty, count: count)
    let (typeID, spaceID) = (type.id, space.id)
    let outcome = Swift.Result { () throws(HDF5Error) -> herr_t in
      try HDF5Library.call {
        unsafe elements.withUnsafeMutableBytes { unsafe read(typeID, $0.baseAddress) }
      }
    }
    // A read that failed halfway has allocated elements too.
    defer {
      _ = HDF5Library.value {
        unsafe elements.withUnsafeMutableBytes {
          unsafe H5Dvlen_reclaim(typeID, spaceID, transfer, $0.baseAddress)
        }
      }
    }
    _ = try outcome.get()
    return body(elements)
  }
}
