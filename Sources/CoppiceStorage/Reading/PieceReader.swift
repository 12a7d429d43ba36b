import CoppiceFiles
import CoppiceFormat
import CoppiceModel

/// A reader of unencoded elements, piece by piece, which reads each byte once and directly to its
/// target.
///
/// To check the digest of a piece of which only some bytes are wanted, the other bytes are read
/// into a small buffer. Windows are small enough to be digested in the second-level cache. Memory:
/// one window, and only where unwanted bytes are read or short runs are copied.
struct PieceReader: ~Copyable {
  private let blocks: StoredBlocks
  private let firstRow: Int
  private let pieces: Pieces
  private let source: BoxRuns
  private var runs: PairedRuns
  private var run: PairedRuns.Run?
  /// Whether the runs are so short that copying them is cheaper than a vectored read.
  private let copies: Bool
  private var digest = DigestStream()
  private var buffer: [UInt8] = []

  /// The most bytes of one read.
  private static let windowBytes = 256 << 10
  /// The largest gap between two runs that is read rather than skipped: the system reads a page
  /// anyway.
  private static let gapBytes = 4096
  private static let leastNamedBytes = 1024

  /// Plans to read the pieces of a shared box, from piece `first` on.
  init(
    _ part: StoredBox, _ pieces: Pieces, _ shared: ArrayBox,
    of request: ArrayBox, from first: Int
  ) {
    blocks = part.blocks
    firstRow = part.firstRow
    self.pieces = pieces
    let inPart = shared.relative(to: part.box.offset)
    source = BoxRuns(of: inPart, in: part.box.shape, width: part.dtype.width)
    runs = PairedRuns(
      inPart, in: part.box.shape, with: shared.relative(to: request.offset), in: request.shape,
      width: part.dtype.width, from: source.boxOffset(before: pieces[first].lowerBound))
    run = runs.next()
    copies = (run?.count ?? 0) < min(Self.leastNamedBytes, source.byteCount)
  }

  /// Reads the wanted bytes of the next piece.
  ///
  /// - Parameter tell: Called with the number of wanted bytes since the last call.
  /// - Throws: `arrays.digest-mismatch`, `io.*`; the errors of `tell`.
  mutating func read(
    _ piece: Int, into bytes: inout MutableRawSpan, tell: (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let range = pieces[piece]
    let wanted =
      source.boxOffset(before: range.upperBound) - source.boxOffset(before: range.lowerBound)
    guard wanted > 0 else { return }
    let row = firstRow + piece
    let block = blocks[row]
    let isWhole = wanted == range.count
    let checks = isWhole ? blocks.verifies : blocks.mustVerify(row)
    digest.reset()
    var offset = range.lowerBound
    while true {
      let places = nextPlaces(in: range, &offset, all: checks)
      guard !places.isEmpty else { break }
      let start = block.offset + offset - range.lowerBound
      try read(places, at: start, of: try blocks.files.file(block.file), into: &bytes, checks)
      var wantedBytes = 0
      for place in places {
        offset += place.range.count
        if case .wanted(let range) = place { wantedBytes += range.count }
      }
      try tell(wantedBytes)
    }
    guard checks else { return }
    try block.check(digest.digest)
    if !isWhole { blocks.noteVerified(row) }
  }

  /// Returns the targets of the next read; none at the end of the piece.
  ///
  /// - Parameters:
  ///   - offset: The start of the read; advanced past bytes that are skipped.
  ///   - all: Whether unwanted bytes are read as well, for the digest.
  private mutating func nextPlaces(
    in range: Range<Int>, _ offset: inout Int, all: Bool
  ) -> [InputFile.Piece] {
    var places: [InputFile.Piece] = []
    var (count, passed) = (0, 0)
    while places.count < (copies ? .max : InputFile.mostPieces) {
      let room = min(Self.windowBytes, range.upperBound - offset) - count
      guard room > 0 else { break }
      let next = run.flatMap { $0.sourceOffset < range.upperBound ? $0 : nil }
      guard next != nil || all else { break }
      let gap = (next?.sourceOffset ?? range.upperBound) - offset - count
      if gap > 0 {
        guard all || gap < Self.gapBytes else {
          if !places.isEmpty { break }
          offset += gap
          continue
        }
        let taken = min(gap, room)
        places.append(.passing(passed..<(passed + taken)))
        passed += taken
        count += taken
      } else if let next {
        let taken = min(next.count, room)
        places.append(.wanted(next.targetOffset..<(next.targetOffset + taken)))
        count += taken
        run?.drop(taken)
        if taken == next.count { run = runs.next() }
      }
    }
    return places
  }

  /// Reads a window of the file to its targets and updates the digest.
  private mutating func read(
    _ places: [InputFile.Piece], at offset: Int, of file: InputFile,
    into bytes: inout MutableRawSpan, _ checks: Bool
  ) throws(CoppiceError) {
    let passes = places.reduce(0) {
      if case .passing(let range) = $1 {
        $0 + range.count
      } else {
        copies ? $0 + $1.range.count : $0
      }
    }
    // Swapped out temporarily, so that the digest can be used at the same time.
    var buffer: [UInt8] = []
    swap(&buffer, &self.buffer)
    defer { swap(&buffer, &self.buffer) }
    if buffer.count < passes { buffer = [UInt8](repeating: 0, count: Self.windowBytes) }
    var span = buffer.mutableSpan
    var passing = unsafe span.mutableBytes
    guard copies else {
      try file.read(at: offset, to: places, of: &bytes, &passing)
      guard checks else { return }
      for place in places {
        switch place {
        case .wanted(let range): digest.update(bytes.bytes.extracting(range))
        case .passing(let range): digest.update(passing.bytes.extracting(range))
        }
      }
      return
    }
    var window = passing._mutatingExtracting(first: passes)
    try file.read(at: offset, into: &window)
    if checks { digest.update(window.bytes) }
    var start = 0
    for place in places {
      if case .wanted(let range) = place {
        bytes.copy(
          from: window.bytes.extracting(start..<(start + range.count)), at: range.lowerBound)
      }
      start += place.range.count
    }
  }
}
