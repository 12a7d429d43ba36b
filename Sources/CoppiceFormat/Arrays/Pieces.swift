import CoppiceModel

/// How the bytes of a contiguous box are cut into blocks: pieces of one size, the last with the rest.
///
/// Spec: ARR-44.
package struct Pieces: Hashable, Sendable {
  /// The bytes of the box.
  package let byteCount: Int
  /// The bytes of every piece but the last.
  private let size: Int

  /// Cuts so many bytes, at least one, into pieces.
  ///
  /// - Parameter size: The document's `piece_size`; `nil` leaves the box whole.
  package init(of byteCount: Int, size: Int?) {
    self.byteCount = byteCount
    self.size = max(min(size ?? byteCount, byteCount), 1)
  }

  /// The number of pieces.
  package var count: Int { byteCount / size + (byteCount % size == 0 ? 0 : 1) }

  /// The bytes of a piece.
  package subscript(index: Int) -> Range<Int> {
    let start = index * size
    return start..<(start + min(size, byteCount - start))
  }

  /// The pieces with bytes of a range that isn't empty.
  package func indices(sharing bytes: Range<Int>) -> Range<Int> {
    bytes.lowerBound / size..<((bytes.upperBound - 1) / size + 1)
  }

  /// Whether a document may ask for pieces of so many bytes: no element of any type is cut.
  package static func isSize(_ size: Int) -> Bool { size >= 16 && size % 16 == 0 }
}
