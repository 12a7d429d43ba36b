package import CoppiceModel

/// The computation of the digest of each piece of a box, from its bytes in order.
package struct PieceDigests: ~Copyable {
  private let pieces: Pieces
  private var stream = DigestStream()
  private var piece: Int
  /// The number of bytes of the current piece that have been added.
  private var done = 0

  /// Starts at the first byte of a piece.
  package init(_ pieces: Pieces, from first: Int = 0) {
    self.pieces = pieces
    piece = first
  }

  /// Adds the next bytes, any number of them; bytes past the end of the box are ignored.
  ///
  /// - Parameter take: Receives each piece that is now complete.
  /// - Throws: The errors of `take`.
  package mutating func update(
    _ bytes: RawSpan, _ take: (_ piece: Int, Digest) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var start = 0
    while start < bytes.byteCount, piece < pieces.count {
      let size = pieces[piece].count
      let end = min(bytes.byteCount, start + size - done)
      let next = bytes.extracting(start..<end)
      done += next.byteCount
      start = end
      if next.byteCount == size {
        try take(piece, Digest(of: next))
      } else {
        stream.update(next)
        guard done == size else { return }
        try take(piece, stream.digest)
        stream.reset()
      }
      piece += 1
      done = 0
    }
  }
}
