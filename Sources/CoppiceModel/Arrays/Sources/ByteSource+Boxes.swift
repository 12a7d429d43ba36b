extension ByteSource {
  /// The largest gap between two runs that is read rather than skipped: the system reads a page
  /// anyway.
  private static var readThrough: Int { 4096 }
  private static var bufferBytes: Int { 1 << 20 }

  /// Reads a box of an array whose bytes are stored here in C order.
  ///
  /// Only the box's bytes are read, and gaps of less than a page.
  ///
  /// - Parameters:
  ///   - box: A box of the array.
  ///   - place: The box's position in the request, with the same shape.
  ///   - request: The shape of the array in `bytes`.
  package func read(
    _ box: ArrayBox, of shape: Shape, width: Int, to place: ArrayBox,
    of request: Shape, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    let isUnbroken = place.shape == request
    var scatter = BoxScatter(place, in: request, width: width)
    var buffer: [UInt8] = []
    var runs = BoxRuns(of: box, in: shape, width: width).makeIterator()
    var next = runs.next()
    while let first = next {
      // The runs that are read with one call.
      var group = [first]
      var end = first.wholeOffset + first.count
      next = runs.next()
      while let run = next, run.wholeOffset - end <= Self.readThrough,
        run.wholeOffset + run.count - first.wholeOffset <= Self.bufferBytes
      {
        group.append(run)
        end = run.wholeOffset + run.count
        next = runs.next()
      }
      if isUnbroken, group.count == 1 {
        var output = bytes._mutatingExtracting(
          first.boxOffset..<(first.boxOffset + first.count))
        try read(at: first.wholeOffset, into: &output)
        continue
      }
      // A single run may be larger than the buffer; several together never are.
      var start = first.wholeOffset
      while start < end {
        let count = min(end - start, Self.bufferBytes)
        if buffer.count < count { buffer = [UInt8](repeating: 0, count: count) }
        var span = buffer.mutableSpan
        var all = unsafe span.mutableBytes
        var piece = all._mutatingExtracting(first: count)
        try read(at: start, into: &piece)
        for run in group {
          let from = max(run.wholeOffset, start) - start
          let to = min(run.wholeOffset + run.count, start + count) - start
          guard from < to else { continue }
          let wanted = piece.bytes.extracting(from..<to)
          if isUnbroken {
            bytes.copy(from: wanted, at: run.boxOffset + start + from - run.wholeOffset)
          } else {
            scatter.place(wanted, in: &bytes)
          }
        }
        start += count
      }
    }
  }
}
