/// A range of a byte source, as a source of its own.
package struct ByteSlice: ByteSource {
  private let base: any ByteSource
  private let start: Int
  package let byteCount: Int

  /// Makes a slice; `nil` when the range isn't inside the base.
  package init?(of base: any ByteSource, at start: Int, count: Int) {
    guard start >= 0, count >= 0, start <= base.byteCount, count <= base.byteCount - start else {
      return nil
    }
    self.base = base
    self.start = start
    self.byteCount = count
  }

  package var place: StoredPlace? { base.place?.slice(at: start, count: byteCount) }
  package var identity: ByteIdentity? { base.identity?.slice(at: start, count: byteCount) }

  /// The base's, for a slice of all its bytes.
  package var forward: any ByteSource { byteCount == base.byteCount ? base.forward : self }

  package func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    guard offset >= 0, offset <= byteCount, bytes.byteCount <= byteCount - offset else {
      throw CoppiceError(.ioShortRead, "a read reaches past the end of its range")
    }
    try base.read(at: start + offset, into: &bytes)
  }
}

/// Bytes in memory as a source.
package struct MemoryBytes: ByteSource {
  private let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package var byteCount: Int { bytes.count }

  package func read(at offset: Int, into target: inout MutableRawSpan) throws(CoppiceError) {
    guard offset >= 0, offset <= byteCount, target.byteCount <= byteCount - offset else {
      throw CoppiceError(.ioShortRead, "a read reaches past the end of its range")
    }
    let source = unsafe bytes.span.bytes
    target.copy(from: source.extracting(offset..<(offset + target.byteCount)), at: 0)
  }
}
