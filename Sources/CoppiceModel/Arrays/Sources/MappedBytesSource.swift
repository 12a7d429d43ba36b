/// An array of one-byte elements, each replaced by its entry in a table.
package struct MappedBytesSource: ArraySource {
  package let dtype: DType
  private let base: any ArraySource
  private let table: [UInt8]

  /// Makes a source that sign-extends integers of fewer than eight bits to `int8`.
  ///
  /// - Returns: `nil` unless the elements are signed integers of fewer than eight bits.
  package init?(signExtending base: any ArraySource) {
    guard base.dtype.kind == .signedInteger, base.dtype.significantBits < 8 else { return nil }
    let unused = 8 - base.dtype.significantBits
    self.base = base
    self.dtype = .int8
    self.table = (0...255).map {
      UInt8(bitPattern: (Int8(truncatingIfNeeded: $0) << unused) >> unused)
    }
  }

  package var shape: Shape { base.shape }

  package func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    try base.places(at: path)
  }

  package func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    try base.read(range, into: &bytes)
    for index in 0..<bytes.byteCount {
      let byte = unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
      bytes.storeBytes(of: table[Int(byte)], toByteOffset: index, as: UInt8.self)
    }
  }

  package func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var mapped: [UInt8] = []
    try base.forEachPiece(ofAtMost: limit) { (piece) throws(CoppiceError) in
      mapped.removeAll(keepingCapacity: true)
      mapped.reserveCapacity(piece.byteCount)
      for index in 0..<piece.byteCount {
        mapped.append(table[Int(unsafe piece.unsafeLoad(fromByteOffset: index, as: UInt8.self))])
      }
      try body(unsafe mapped.span.bytes)
    }
  }
}
