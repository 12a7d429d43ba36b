extension ArraySource {
  /// Reads a box into the bytes of a larger array.
  ///
  /// - Parameters:
  ///   - place: The box's position inside `whole`, with the same shape.
  ///   - whole: The shape of the array in `bytes`.
  ///   - workingMemory: The bytes that may be buffered where the box isn't contiguous in `whole`.
  func read(
    _ box: ArrayBox, to place: ArrayBox, of whole: Shape,
    into bytes: inout MutableRawSpan, workingMemory: Int = ReadLimits.standard.workingMemory
  ) throws(CoppiceError) {
    let width = dtype.width
    var buffer: [UInt8] = []
    for part in box.parts(ofAtMost: workingMemory / width) {
      let target = part.relative(to: box.offset).moved(by: place.offset)
      let count = part.shape.elementCount * width
      var runs = BoxRuns(of: target, in: whole, width: width).makeIterator()
      if let first = runs.next(), first.count == count {
        var output = bytes._mutatingExtracting(first.wholeOffset..<(first.wholeOffset + count))
        try read(part, into: &output)
        continue
      }
      if buffer.count < count { buffer = [UInt8](repeating: 0, count: count) }
      var span = buffer.mutableSpan
      var all = unsafe span.mutableBytes
      var piece = all._mutatingExtracting(first: count)
      try read(part, into: &piece)
      var scatter = BoxScatter(target, in: whole, width: width)
      scatter.place(piece.bytes, in: &bytes)
    }
  }
}
