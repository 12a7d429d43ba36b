extension NDArray {
  /// Lends the bytes, in C order, to be changed.
  ///
  /// Where the storage is shared, with a copy of the array or with a save that is under way, it is
  /// copied first: once, since the copy is then this array's own. The others keep what they had.
  ///
  /// - Throws: `limit.memory` when there is no memory for the copy; what `body` throws.
  public mutating func withMutableBytes<Result>(
    _ body: (inout MutableRawSpan) throws(CoppiceError) -> Result
  ) throws(CoppiceError) -> Result {
    if !isKnownUniquelyReferenced(&storage) {
      let shared = storage
      storage = try ArrayStorage(byteCount: shared.byteCount) { (bytes: inout MutableRawSpan) in
        shared.withBytes { bytes.copy(from: $0, at: 0) }
      }
    }
    return try storage.withUniqueBytes(body)
  }

  /// Lends the elements, in C order, to be changed; see `withMutableBytes(_:)` for when it copies.
  ///
  /// - Throws: `limit.memory`, `model.element-type`, `cast.invalid-element`, and what `body` throws.
  public mutating func withMutableElements<Element: ArrayElement, Result>(
    as type: Element.Type = Element.self,
    _ body: (inout MutableSpan<Element>) throws(CoppiceError) -> Result
  ) throws(CoppiceError) -> Result {
    try check(type)
    let count = shape.elementCount
    return try withMutableBytes { (bytes: inout MutableRawSpan) throws(CoppiceError) in
      try unsafe bytes.withUnsafeMutableBytes { (raw) throws(CoppiceError) -> Result in
        let elements = unsafe UnsafeMutableBufferPointer(
          start: raw.baseAddress?.assumingMemoryBound(to: Element.self), count: count)
        var span = unsafe MutableSpan(_unsafeElements: elements)
        return try body(&span)
      }
    }
  }
}
