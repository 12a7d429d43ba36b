/// An array of bools in which every byte other than 0 is read as 1.
package struct NormalizedBoolSource: ArraySource {
  private let base: any ArraySource

  /// The bits that are set in neither 0 nor 1.
  private static let unused = DType.bool.unusedBits

  /// Normalises another source, without checking its elements.
  ///
  /// - Returns: `nil` for an array of another dtype.
  package init?(_ base: any ArraySource) {
    guard base.dtype == .bool else { return nil }
    self.base = (base as? CheckedSource)?.base ?? base
  }

  package var dtype: DType { .bool }
  package var shape: Shape { base.shape }
  package var decodingUnit: Shape { base.decodingUnit }

  package func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    try base.places(at: path)
  }

  /// Reads a box.
  ///
  /// - Throws: The errors of the base.
  package func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    try base.read(range, into: &bytes)
    if bytes.bytes.hasBits(Self.unused) { bytes.normalizeBools() }
  }

  /// Reads the whole array in pieces; pieces without a change are passed on uncopied.
  ///
  /// - Throws: The errors of the base and of `body`; `limit.memory`.
  package func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var memory = try ArrayMemory(byteCount: 0)
    try base.forEachPiece(ofAtMost: limit) { (piece) throws(CoppiceError) in
      guard piece.hasBits(Self.unused) else { return try body(piece) }
      if memory.byteCount < piece.byteCount {
        memory = try ArrayMemory(byteCount: piece.byteCount)
      }
      try memory.withUniqueBytes { (bytes: inout MutableRawSpan) throws(CoppiceError) in
        var copy = bytes._mutatingExtracting(first: piece.byteCount)
        copy.copy(from: piece, at: 0)
        copy.normalizeBools()
        try body(copy.bytes)
      }
    }
  }
}

extension MutableRawSpan {
  fileprivate mutating func normalizeBools() {
    unsafe withUnsafeMutableBytes { bytes in
      for index in 0..<bytes.count { unsafe bytes[index] = bytes[index] == 0 ? 0 : 1 }
    }
  }
}
