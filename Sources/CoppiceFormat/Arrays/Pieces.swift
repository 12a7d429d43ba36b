import CoppiceModel

/// The pieces of a contiguous box, each stored as one block: all of one size, but a shorter last
/// one.
///
/// Spec: ARR-44.
package struct Pieces: Hashable, Sendable {
  /// The number of bytes of the box.
  package let byteCount: Int
  /// The number of bytes of every piece but the last.
  private let size: Int

  /// Divides a number of bytes, at least one, into pieces.
  ///
  /// - Parameter size: The document's `piece_size`; `nil` leaves the box whole.
  package init(of byteCount: Int, size: Int?) {
    self.byteCount = byteCount
    self.size = max(min(size ?? byteCount, byteCount), 1)
  }

  /// The number of pieces.
  package var count: Int { byteCount / size + (byteCount % size == 0 ? 0 : 1) }

  /// The range of a piece in the box's bytes.
  package subscript(index: Int) -> Range<Int> {
    let start = index * size
    return start..<(start + min(size, byteCount - start))
  }

  /// Returns the pieces that share bytes with a range that isn't empty.
  package func indices(sharing bytes: Range<Int>) -> Range<Int> {
    bytes.lowerBound / size..<((bytes.upperBound - 1) / size + 1)
  }

  /// Returns whether a document may use a piece size: a multiple of 16 cuts through no element.
  package static func isSize(_ size: Int) -> Bool { size >= 16 && size % 16 == 0 }
}
