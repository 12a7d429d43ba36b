import CoppiceFormat
import CoppiceModel
import FileAccess

/// Reads a box of a plain block to its places in a request: each byte once, to where it is wanted.
///
/// Where the digest is asked for, the rest of the block passes by in a small buffer. Each piece is
/// digested while it is in the second-level cache.
struct ScatteredRead {
  private let block: StoredBlock
  private let isChecked: Bool
  private var runs: PairedRuns
  private var run: PairedRuns.Run?
  /// Where in the block the next piece begins.
  private var offset = 0

  /// The most bytes of one read.
  private static let windowBytes = 256 << 10
  /// Bytes between two runs that are read rather than skipped: a page is read anyway.
  private static let gapBytes = 4096
  /// Shorter runs cost more to name to the system than to copy.
  private static let leastRunBytes = 1024

  /// Plans a read; `nil` where the runs are so short that a copy is cheaper.
  ///
  /// - Parameter isChecked: Whether the whole block is read and its digest compared.
  init?(_ block: StoredBlock, _ runs: PairedRuns, isChecked: Bool) {
    self.block = block
    self.isChecked = isChecked
    self.runs = runs
    run = self.runs.next()
    guard let run, run.count >= Self.leastRunBytes else { return nil }
  }

  /// Reads all of it.
  ///
  /// - Parameter tell: Called with the number of wanted bytes read since.
  /// - Throws: `arrays.digest-mismatch`, `io.*`; what `tell` throws.
  mutating func read(
    into bytes: inout MutableRawSpan, tell: (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var digest = DigestStream()
    var buffer = [UInt8](repeating: 0, count: Self.windowBytes)
    while true {
      let pieces = nextPieces()
      guard !pieces.isEmpty else { break }
      var span = buffer.mutableSpan
      var passing = unsafe span.mutableBytes
      try block.files.file(block.file).read(
        at: block.offset + offset, to: pieces, of: &bytes, &passing)
      var wantedBytes = 0
      for piece in pieces {
        offset += piece.range.count
        switch piece {
        case .wanted(let range):
          wantedBytes += range.count
          if isChecked { digest.update(bytes.bytes.extracting(range)) }
        case .passing(let range):
          if isChecked { digest.update(passing.bytes.extracting(range)) }
        }
      }
      try tell(wantedBytes)
    }
    if isChecked { try block.check(digest.digest) }
  }

  /// The places of the bytes that one read takes; none at the end.
  private mutating func nextPieces() -> [InputFile.Piece] {
    var pieces: [InputFile.Piece] = []
    var count = 0
    var passed = 0
    while count < Self.windowBytes, pieces.count < InputFile.mostPieces {
      let room = Self.windowBytes - count
      let gap =
        (run?.sourceOffset ?? (isChecked ? block.byteCount : offset + count)) - offset - count
      if gap > 0 {
        guard isChecked || gap < Self.gapBytes else {
          if !pieces.isEmpty { break }
          offset += gap
          continue
        }
        let taken = min(gap, room)
        pieces.append(.passing(passed..<(passed + taken)))
        passed += taken
        count += taken
      } else if let next = run {
        let taken = min(next.count, room)
        pieces.append(.wanted(next.targetOffset..<(next.targetOffset + taken)))
        count += taken
        run?.drop(taken)
        if taken == next.count { run = runs.next() }
      } else {
        break
      }
    }
    return pieces
  }
}
