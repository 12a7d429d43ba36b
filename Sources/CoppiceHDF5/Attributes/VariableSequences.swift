import CCoppiceHDF5

/// Sequences of variable length.
enum VariableSequences {
  /// Reads the bytes of sequences through a call that fills an array of lengths and pointers.
  ///
  /// - Parameters:
  ///   - width: The bytes of one element of a sequence.
  ///   - limit: The most bytes that all sequences together may have.
  ///   - read: Fills lengths and pointers for elements of the memory type given.
  /// - Returns: `nil` when the sequences have more bytes than the limit.
  static func read(
    count: Int, width: Int, limit: Int, type: borrowing Datatype, space: borrowing Dataspace,
    transfer: hid_t = hid_t(H5P_DEFAULT),
    _ read: (hid_t, UnsafeMutableRawPointer?) -> herr_t
  ) throws(HDF5Error) -> [[UInt8]]? {
    guard count > 0 else { return [] }
    return try unsafe VariableElements.read(
      count: count, empty: hvl_t(len: 0, p: nil), type: type, space: space, transfer: transfer, read
    ) { elements -> [[UInt8]]? in
      var sequences: [[UInt8]] = []
      sequences.reserveCapacity(count)
      var left = limit
      for index in unsafe elements.indices {
        let element = unsafe elements[index]
        let (byteCount, overflow) = unsafe element.len.multipliedReportingOverflow(by: width)
        guard !overflow, byteCount <= left else { return nil }
        left -= byteCount
        unsafe sequences.append(
          Array(UnsafeRawBufferPointer(start: element.p, count: element.p == nil ? 0 : byteCount)))
      }
      return sequences
    }
  }
}

extension [UInt8] {
  /// Returns the elements of equal width that the bytes are.
  func divided(by width: Int) -> [[UInt8]] {
    guard width > 0 else { return [] }
    return stride(from: 0, to: count - count % width, by: width).map {
      Array(self[$0..<$0 + width])
    }
  }
}
