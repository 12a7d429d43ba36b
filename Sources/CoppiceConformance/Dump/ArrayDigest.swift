import CoppiceDigest
import CoppiceModel

/// The description of an array's elements in a dump: their SHA-256, and the first few as text.
struct ArrayDigest: Sendable {
  var sha256: String
  var first: [String]

  /// The number of leading elements that are given as text.
  private static let firstCount = 4

  /// Reads an array from first to last byte.
  init(of leaf: ArrayLeaf, monitor: OperationMonitor) throws(CoppiceError) {
    let source = try leaf.source
    let dtype = source.dtype
    var hash = SHA256()
    var first: [String] = []
    try source.forEachPiece(ofAtMost: 4 << 20) { (piece) throws(CoppiceError) in
      let count = piece.byteCount / dtype.width
      for index in 0..<min(count, Self.firstCount - first.count) {
        first.append(dtype.text(ofElement: index, in: piece))
      }
      Self.update(&hash, piece, dtype)
      try monitor.advance(bytes: piece.byteCount)
    }
    sha256 = hash.finish()
    self.first = first
  }

  /// Adds elements to the hash; signed elements narrower than a byte are hashed as `int8`.
  private static func update(_ hash: inout SHA256, _ piece: RawSpan, _ dtype: DType) {
    guard dtype == .int4 || dtype == .int2 else {
      hash.update(piece)
      return
    }
    let shift = 8 - dtype.significantBits
    let widened = (0..<piece.byteCount).map { index in
      let bits = unsafe piece.unsafeLoad(fromByteOffset: index, as: UInt8.self)
      return UInt8(bitPattern: Int8(bitPattern: bits << shift) >> shift)
    }
    hash.update(widened)
  }
}
