/// Puts the bytes of a box, which come piece by piece in C order, in their places in a whole.
package struct BoxScatter {
  private var runs: BoxRuns.Iterator
  private var run: BoxRuns.Run?
  /// The bytes of the current run that were already placed.
  private var done = 0

  /// Makes a scatter of a box inside a whole of a shape.
  package init(_ box: ArrayBox, in shape: Shape, width: Int) {
    runs = BoxRuns(of: box, in: shape, width: width).makeIterator()
    run = runs.next()
  }

  /// Places the next bytes; what exceeds the box is left out.
  package mutating func place(_ bytes: RawSpan, in whole: inout MutableRawSpan) {
    var consumed = 0
    while consumed < bytes.byteCount, let current = run {
      let count = min(current.count - done, bytes.byteCount - consumed)
      let piece = bytes.extracting(consumed..<(consumed + count))
      whole.copy(from: piece, at: current.wholeOffset + done)
      consumed += count
      done += count
      if done == current.count {
        run = runs.next()
        done = 0
      }
    }
  }
}
