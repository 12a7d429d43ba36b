/// The runs that two boxes of one shape, in two arrays, have in common: what lies unbroken in both.
package struct PairedRuns: Sequence, IteratorProtocol {
  /// Bytes that lie unbroken in both arrays.
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

  /// Pairs the runs of a box of the source's shape with those of a box of the target's.
  ///
  /// - Parameter start: The byte of the box to begin with.
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
