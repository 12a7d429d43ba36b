package import CoppiceModel

/// Takes the digest of each piece of a box whose bytes come in order, however they are cut.
package struct PieceDigests: ~Copyable {
  private let pieces: Pieces
  private var stream = DigestStream()
  private var piece: Int
  /// How many bytes of the piece went by.
  private var done = 0

  /// Begins with the first byte of a piece.
  package init(_ pieces: Pieces, from first: Int = 0) {
    self.pieces = pieces
    piece = first
  }

  /// Adds the next bytes; what exceeds the box is left out.
  ///
  /// - Parameter take: Called with each piece that is complete now.
  /// - Throws: What `take` throws.
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
