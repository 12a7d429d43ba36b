import CoppiceModel

/// Consecutive bytes of the arrays that a rank has read, which are broadcast together.
struct BroadcastPiece {
  /// The rank that has read them.
  let rank: Int
  /// The ranges of bytes of arrays, by the number of their part of the load.
  private(set) var ranges: [(part: Int, bytes: Range<Int>)] = []
  private(set) var byteCount = 0

  /// Cuts the arrays of a rank into pieces, so that a large array is in several of them and small ones are together.
  static func pieces(
    of parts: [Int], _ size: (Int) -> Int, from rank: Int
  ) -> [BroadcastPiece] {
    var pieces: [BroadcastPiece] = []
    var piece = BroadcastPiece(rank: rank)
    for part in parts {
      let end = size(part)
      var start = 0
      while start < end {
        let count = min(end - start, ReplicatedShares.pieceBytes - piece.byteCount)
        piece.ranges.append((part, start..<(start + count)))
        piece.byteCount += count
        start += count
        guard piece.byteCount == ReplicatedShares.pieceBytes else { continue }
        pieces.append(piece)
        piece = BroadcastPiece(rank: rank)
      }
    }
    return piece.ranges.isEmpty ? pieces : pieces + [piece]
  }

  /// Returns the bytes, of the arrays that were read.
  func bytes(of arrays: [Int: NDArray]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    for (part, range) in ranges {
      arrays[part]?.withBytes { span in
        unsafe span.extracting(range).withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
      }
    }
    return bytes
  }

  /// Copies the bytes to the memory of the arrays.
  func copy(_ bytes: [UInt8], to memory: [Int: ArrayMemory]) throws(CoppiceError) {
    guard bytes.count == byteCount else {
      throw CoppiceError(.usageMessage, "a piece of \(bytes.count) bytes instead of \(byteCount)")
    }
    var start = 0
    for (part, range) in ranges {
      memory[part]?.withUniqueBytes { target in
        target.copy(
          from: unsafe bytes.span.bytes.extracting(start..<(start + range.count)),
          at: range.lowerBound)
      }
      start += range.count
    }
  }
}
