/// The runs of bytes that are contiguous in both of two boxes of equal shape, in two arrays.
package struct PairedRuns: Sequence, IteratorProtocol {
  /// A run that is contiguous in both arrays.
  package struct Run: Hashable, Sendable {
    package var sourceOffset: Int
    package var targetOffset: Int
    package var count: Int

    /// Drops the first bytes.
    package mutating func drop(_ bytes: Int) {
      sourceOffset += bytes
      targetOffset += bytes
      count -= bytes
    }
  }

  private var sources: BoxRuns.Iterator
  private var targets: BoxRuns.Iterator
  private var source: BoxRuns.Run?
  private var target: BoxRuns.Run?

  /// Pairs the runs of a box in the source with those of a box in the target.
  ///
  /// - Parameter start: The byte of the box at which to begin.
  package init(
    _ box: ArrayBox, in shape: Shape, with place: ArrayBox, in request: Shape,
    width: Int, from start: Int = 0
  ) {
    precondition(box.shape == place.shape, "the boxes must have one shape")
    sources = BoxRuns(of: box, in: shape, width: width).makeIterator(from: start)
    targets = BoxRuns(of: place, in: request, width: width).makeIterator(from: start)
    source = sources.next()
    target = targets.next()
  }

  package mutating func next() -> Run? {
    guard var from = source, var to = target else { return nil }
    let count = Swift.min(from.count, to.count)
    let run = Run(sourceOffset: from.wholeOffset, targetOffset: to.wholeOffset, count: count)
    from.wholeOffset += count
    from.count -= count
    to.wholeOffset += count
    to.count -= count
    source = from.count == 0 ? sources.next() : from
    target = to.count == 0 ? targets.next() : to
    return run
  }
}
