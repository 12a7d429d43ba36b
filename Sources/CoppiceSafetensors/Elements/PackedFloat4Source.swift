import CoppiceFiles
import CoppiceModel

/// The packed bytes of a 4-bit float array: two elements in a byte, the first in the low half.
struct PackedFloat4Source: ArraySource {
  let shape: Shape
  private let base: any ArraySource

  var dtype: DType { .uint8 }

  /// Makes a source of an array with an even number of elements, each of which takes a byte.
  ///
  /// - Returns: `nil` when the number is odd.
  init?(packing base: any ArraySource) {
    guard base.shape.elementCount % 2 == 0, let shape = Shape([base.shape.elementCount / 2]) else {
      return nil
    }
    self.base = base
    self.shape = shape
  }

  /// Streams the whole array and keeps the requested bytes: a packed byte may span two boxes.
  func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    let wanted = range.offset[0]..<range.end(0)
    var offset = 0
    // The closure can't capture the caller's span, so collect the bytes first.
    var kept: [UInt8] = []
    kept.reserveCapacity(wanted.count)
    try forEachPiece(ofAtMost: 1 << 20) { (piece) throws(CoppiceError) in
      let part = wanted.clamped(to: offset..<(offset + piece.byteCount))
      for index in part {
        kept.append(unsafe piece.unsafeLoad(fromByteOffset: index - offset, as: UInt8.self))
      }
      offset += piece.byteCount
    }
    bytes.copy(from: unsafe kept.span.bytes, at: 0)
  }

  func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var packed: [UInt8] = []
    var low: UInt8?
    try base.forEachPiece(ofAtMost: max(limit, 1)) { (piece) throws(CoppiceError) in
      packed.removeAll(keepingCapacity: true)
      packed.reserveCapacity(piece.byteCount / 2 + 1)
      for index in 0..<piece.byteCount {
        let element = unsafe piece.unsafeLoad(fromByteOffset: index, as: UInt8.self) & 15
        if let first = low {
          packed.append(first | element << 4)
          low = nil
        } else {
          low = element
        }
      }
      if !packed.isEmpty { try body(unsafe packed.span.bytes) }
    }
  }
}
