extension MutableRawSpan {
  /// Copies bytes to `offset`; the source must fit.
  package mutating func copy(from source: RawSpan, at offset: Int) {
    precondition(offset >= 0 && source.byteCount <= byteCount - offset, "the source must fit")
    unsafe source.withUnsafeBytes { from in
      unsafe withUnsafeMutableBytes { to in
        guard let start = to.baseAddress, let origin = from.baseAddress else { return }
        unsafe (start + offset).copyMemory(from: origin, byteCount: from.count)
      }
    }
  }

  /// Sets `count` bytes from `offset` on.
  package mutating func fill(_ byte: UInt8, at offset: Int, count: Int) {
    precondition(offset >= 0 && count >= 0 && count <= byteCount - offset, "the range must fit")
    unsafe withUnsafeMutableBytes { to in
      guard let start = to.baseAddress else { return }
      unsafe (start + offset).initializeMemory(as: UInt8.self, repeating: byte, count: count)
    }
  }
}
