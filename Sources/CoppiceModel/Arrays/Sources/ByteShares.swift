/// The division of arrays and parts of them, in order, among ranks that get about as many bytes.
package struct ByteShares {
  /// The size that a part has at most, where arrays can be cut: smaller than a share, so that the shares are about equal.
  package let partBytes: Int
  private let byteCount: Int
  /// The number of ranks that get a share.
  private let count: Int
  private var given = 0

  /// The least bytes of a part, and of a share: fewer aren't worth another rank's files.
  private static let leastBytes = 8 << 20

  /// Makes the division of a number of bytes.
  package init(of byteCount: Int, among rankCount: Int) {
    self.byteCount = byteCount
    count = max(min(rankCount, byteCount / Self.leastBytes), 1)
    partBytes = max(byteCount / (4 * rankCount), Self.leastBytes)
  }

  /// Returns the rank of the next part: that in whose share the middle of the part lies.
  package mutating func rank(ofNext partBytes: Int) -> Int {
    let middle = given + partBytes / 2
    given += partBytes
    return min(Int(Double(middle) / Double(max(byteCount, 1)) * Double(count)), count - 1)
  }
}
