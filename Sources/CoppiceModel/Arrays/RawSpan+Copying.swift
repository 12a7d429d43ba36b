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

extension MutableRawSpan {
  /// Fills all bytes with copies of an element.
  package mutating func fill(repeating element: [UInt8]) {
    let count = byteCount
    guard count > 0, !element.isEmpty else { return }
    unsafe withUnsafeMutableBytes { bytes in
      if element.allSatisfy({ $0 == element[0] }) {
        unsafe bytes.initializeMemory(as: UInt8.self, repeating: element[0])
        return
      }
      for index in 0..<min(element.count, count) { unsafe bytes[index] = element[index] }
      // Each copy doubles the filled bytes.
      var done = min(element.count, count)
      while done < count {
        let more = min(done, count - done)
        let source = unsafe UnsafeRawBufferPointer(rebasing: bytes[0..<more])
        unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[done..<(done + more)])
          .copyMemory(from: source)
        done += more
      }
    }
  }
}
