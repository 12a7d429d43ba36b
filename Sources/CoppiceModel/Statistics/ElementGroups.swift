import Synchronization

/// The division of an array's bytes, which arrive in pieces of any size, into groups of a fixed number
/// of elements.
///
/// The whole groups of a piece are worked on by several threads; their results are taken in order.
struct ElementGroups<Part: Sendable>: ~Copyable {
  private let groupBytes: Int
  private let width: Int
  private let threads: Int
  private let work: @Sendable (RawSpan, Int) throws(CoppiceError) -> Part
  /// The bytes of a group that isn't complete.
  private var begun: [UInt8] = []
  private var elementsDone = 0

  /// The number of elements of a group, all but the last.
  private static var groupCount: Int { 64 * StatisticsGroup.blockCount }

  /// The most bytes of a piece: a few groups for each of several threads.
  var pieceBytes: Int { max(8 << 20, groupBytes) }

  init(
    width: Int, threads: Int,
    _ work: @escaping @Sendable (RawSpan, Int) throws(CoppiceError) -> Part
  ) {
    (self.width, self.threads, self.work) = (width, max(threads, 1), work)
    groupBytes = Self.groupCount * width
  }

  /// Works on the groups that are complete with the next bytes.
  mutating func append(_ piece: RawSpan, _ take: (Part) -> Void) throws(CoppiceError) {
    var start = 0
    if !begun.isEmpty {
      start = min(groupBytes - begun.count, piece.byteCount)
      Self.append(piece.extracting(0..<start), to: &begun)
      guard begun.count == groupBytes else { return }
      try finish(take)
    }
    let count = (piece.byteCount - start) / groupBytes
    let end = start + count * groupBytes
    try workOn(piece.extracting(start..<end), count, take)
    Self.append(piece.extracting(end..<piece.byteCount), to: &begun)
  }

  /// Works on the last group.
  mutating func finish(_ take: (Part) -> Void) throws(CoppiceError) {
    guard !begun.isEmpty else { return }
    take(try work(unsafe begun.span.bytes, elementsDone))
    elementsDone += begun.count / width
    begun.removeAll(keepingCapacity: true)
  }

  private static func append(_ bytes: RawSpan, to begun: inout [UInt8]) {
    unsafe bytes.withUnsafeBytes { unsafe begun.append(contentsOf: $0) }
  }

  private mutating func workOn(
    _ bytes: RawSpan, _ count: Int, _ take: (Part) -> Void
  ) throws(CoppiceError) {
    guard count > 0 else { return }
    let (first, groupBytes, work) = (elementsDone, groupBytes, work)
    let parts = Mutex([Part?](repeating: nil, count: count))
    let memory = unsafe bytes.withUnsafeBytes { unsafe SharedBytes(base: $0.baseAddress) }
    try ParallelWork.run(count: count, width: threads) { (group) throws(CoppiceError) in
      guard let base = unsafe memory.base else { return }
      let span = unsafe RawSpan(_unsafeStart: base + group * groupBytes, byteCount: groupBytes)
      let part = try work(span, first + group * Self.groupCount)
      parts.withLock { $0[group] = part }
    }
    for case let part? in parts.withLock({ $0 }) { take(part) }
    elementsDone += count * Self.groupCount
  }
}

/// The bytes that several threads read at once.
@safe private struct SharedBytes: @unchecked Sendable {
  // Unchecked: nobody changes the bytes, and the threads end before they are given back.
  let base: UnsafeRawPointer?
}

/// Statistics that are combined pairwise: those of two neighbours, then of two pairs, and so on.
struct PairwiseStatistics {
  /// The statistics of 1, 2, 4, … parts that wait for the same number of others.
  private var waiting: [ArrayStatistics?] = []

  mutating func append(_ part: ArrayStatistics) {
    var part = part
    for level in waiting.indices {
      guard var left = waiting[level] else {
        waiting[level] = part
        return
      }
      left.add(part)
      part = left
      waiting[level] = nil
    }
    waiting.append(part)
  }

  /// The statistics of all parts.
  var total: ArrayStatistics {
    var total = ArrayStatistics()
    for case let part? in waiting.reversed() { total.add(part) }
    return total
  }
}
