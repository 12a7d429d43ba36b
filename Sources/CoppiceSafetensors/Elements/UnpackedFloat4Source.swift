import CoppiceModel

/// An array of 4-bit floats that are stored two in a byte, the first of them in the low half.
///
/// In memory each element takes a whole byte, as with all sub-byte types of the model.
struct UnpackedFloat4Source: ArraySource {
  let shape: Shape

  /// The bytes in the file: half as many as there are elements.
  private let packed: any ByteSource

  var dtype: DType { .float4_e2m1fn }

  /// Makes a source; fails unless there are exactly two elements for each byte.
  init?(shape: Shape, packed: any ByteSource) {
    guard shape.elementCount % 2 == 0, shape.elementCount / 2 == packed.byteCount else {
      return nil
    }
    self.shape = shape
    self.packed = packed
  }

  /// The most bytes read at a time.
  private static let pieceBytes = 1 << 20

  func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    for run in BoxRuns(of: range, in: shape, width: 1) {
      var done = 0
      while done < run.count {
        let first = run.wholeOffset + done
        let count = min(run.count - done, Self.pieceBytes)
        let start = first / 2
        let end = (first + count + 1) / 2
        var buffer = [UInt8](repeating: 0, count: end - start)
        var span = buffer.mutableSpan
        var target = unsafe span.mutableBytes
        try packed.read(at: start, into: &target)
        for index in 0..<count {
          let element = first + index
          let byte = buffer[element / 2 - start]
          bytes.storeBytes(
            of: element % 2 == 0 ? byte & 15 : byte >> 4,
            toByteOffset: run.boxOffset + done + index, as: UInt8.self)
        }
        done += count
      }
    }
  }

  func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var elements: [UInt8] = []
    try packed.forEachPiece(ofAtMost: max(limit / 2, 1)) { (piece) throws(CoppiceError) in
      elements.removeAll(keepingCapacity: true)
      elements.reserveCapacity(piece.byteCount * 2)
      for index in 0..<piece.byteCount {
        let byte = unsafe piece.unsafeLoad(fromByteOffset: index, as: UInt8.self)
        elements.append(byte & 15)
        elements.append(byte >> 4)
      }
      try body(unsafe elements.span.bytes)
    }
  }
}
