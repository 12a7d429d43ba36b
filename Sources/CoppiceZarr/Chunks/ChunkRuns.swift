import CoppiceModel

/// The runs of bytes that a chunk and a target share, each contiguous in both.
///
/// The target is a box of the array in C order. Runs come in the target's order, which for chunks in
/// C order is the chunk's order too.
struct ChunkRuns {
  /// One loop around the runs.
  private struct Loop {
    var count: Int
    var chunkStep: Int
    var targetStep: Int
    var index = 0
  }

  /// The bytes of a whole run.
  let runBytes: Int
  private var loops: [Loop]
  /// The innermost loop, kept separate because it does nearly all of the work.
  private(set) var innerCount = 1
  private(set) var innerChunkStep = 0
  private(set) var innerTargetStep = 0
  private var innerIndex = 0

  /// The offset of the rest of the current run in the chunk; the next one is that in the target.
  private(set) var chunkOffset = 0
  private(set) var targetOffset = 0
  /// The bytes left of the current run.
  private(set) var runLeft: Int
  private(set) var isDone = false

  /// Makes the runs of a chunk, given by its box; chunk and target must share at least one element.
  init(_ order: ZarrChunkOrder, of chunk: ArrayBox, target: ArrayBox) {
    var run = order.width
    var loops: [Loop] = []
    var targetStep = order.width
    for dimension in (0..<chunk.rank).reversed() {
      let start = max(chunk.offset[dimension], target.offset[dimension])
      let end = min(chunk.end(dimension), target.end(dimension))
      let chunkStep = order.steps[dimension]
      chunkOffset += (start - chunk.offset[dimension]) * chunkStep
      targetOffset += (start - target.offset[dimension]) * targetStep
      let count = end - start
      if loops.isEmpty, chunkStep == run, targetStep == run {
        run *= count
      } else if count > 1 {
        loops.append(Loop(count: count, chunkStep: chunkStep, targetStep: targetStep))
      }
      targetStep *= target.shape.dimensions[dimension]
    }
    // The loops were found from the innermost outwards.
    if let inner = loops.first {
      (innerCount, innerChunkStep, innerTargetStep) =
        (inner.count, inner.chunkStep, inner.targetStep)
      loops.removeFirst()
    }
    self.loops = loops
    runBytes = run
    runLeft = run
  }

  /// Returns the number of whole runs of the innermost loop that end before an offset in the
  /// target.
  func wholeRuns(before end: Int) -> Int {
    guard runLeft == runBytes, end - targetOffset >= runBytes else { return 0 }
    guard innerTargetStep > 0 else { return 1 }
    return min(innerCount - innerIndex, (end - targetOffset - runBytes) / innerTargetStep + 1)
  }

  /// Advances by some bytes of the current run.
  mutating func advance(bytes count: Int) {
    chunkOffset += count
    targetOffset += count
    runLeft -= count
    guard runLeft == 0 else { return }
    chunkOffset -= runBytes
    targetOffset -= runBytes
    advance(runs: 1)
  }

  /// Advances by whole runs of the innermost loop.
  mutating func advance(runs count: Int) {
    runLeft = runBytes
    innerIndex += count
    chunkOffset += count * innerChunkStep
    targetOffset += count * innerTargetStep
    guard innerIndex == innerCount else { return }
    innerIndex = 0
    chunkOffset -= innerCount * innerChunkStep
    targetOffset -= innerCount * innerTargetStep
    for position in loops.indices {
      loops[position].index += 1
      chunkOffset += loops[position].chunkStep
      targetOffset += loops[position].targetStep
      if loops[position].index < loops[position].count { return }
      loops[position].index = 0
      chunkOffset -= loops[position].count * loops[position].chunkStep
      targetOffset -= loops[position].count * loops[position].targetStep
    }
    isDone = true
  }
}
