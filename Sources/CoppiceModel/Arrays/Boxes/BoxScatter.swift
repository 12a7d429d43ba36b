/// A copy of a box's bytes, which arrive piece by piece in C order, to their offsets in a larger
/// array.
package struct BoxScatter {
  private var runs: BoxRuns.Iterator
  private var run: BoxRuns.Run?
  /// The number of bytes of the current run that are already copied.
  private var done = 0

  /// Makes a scatter for a box inside an array of a shape.
  package init(_ box: ArrayBox, in shape: Shape, width: Int) {
    runs = BoxRuns(of: box, in: shape, width: width).makeIterator()
    run = runs.next()
  }

  /// Copies the next bytes; bytes past the end of the box are ignored.
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
