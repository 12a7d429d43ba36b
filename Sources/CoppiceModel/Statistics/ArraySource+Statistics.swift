extension ArraySource {
  /// Returns the statistics of the elements, which are read once, piece by piece.
  ///
  /// Memory doesn't grow with the array.
  ///
  /// - Parameters:
  ///   - options: Whether there are a histogram and a thumbnail, and the number of threads.
  ///   - monitor: Reports the progress, and cancels.
  /// - Throws: The errors of reading; `cast.invalid-element` for a bool or a sub-byte integer that
  ///   isn't one; `operation.cancelled`.
  public func statistics(
    _ options: StatisticsOptions = StatisticsOptions(),
    monitor: OperationMonitor = OperationMonitor()
  ) throws(CoppiceError) -> ArrayStatistics {
    let grid = options.thumbnailExtent.flatMap { ThumbnailGrid(of: shape, extent: min($0, 256)) }
    let dtype = dtype
    var all = PairwiseStatistics()
    var pool = grid?.emptyPool
    try forEachGroup(options, monitor) { (bytes, first) throws(CoppiceError) in
      try StatisticsGroup(dtype, grid: grid).summarize(bytes, from: first)
    } take: { part in
      all.append(part.statistics)
      pool?.add(part.pool)
    }
    var result = all.total
    result.thumbnail = pool?.thumbnail
    guard let bins = options.histogramBins.map({ min($0, 1 << 16) }), bins > 0,
      let least = result.minimum,
      let greatest = result.maximum
    else { return result }
    let empty = Histogram(from: least, to: greatest, bins: bins)
    var histogram = empty
    try forEachGroup(options, monitor) { (bytes, _) throws(CoppiceError) in
      try StatisticsGroup(dtype).count(bytes, in: empty)
    } take: { part in
      for bin in 0..<bins { histogram.counts[bin] += part.counts[bin] }
    }
    result.histogram = histogram
    return result
  }

  /// Reads the array in groups of a fixed number of elements, which are worked on by several threads
  /// and taken in order.
  private func forEachGroup<Part: Sendable>(
    _ options: StatisticsOptions, _ monitor: OperationMonitor,
    work: @escaping @Sendable (RawSpan, Int) throws(CoppiceError) -> Part, take: (Part) -> Void
  ) throws(CoppiceError) {
    let threads = options.threads ?? ParallelWork.processorCount
    var groups = ElementGroups(width: dtype.width, threads: threads, work)
    if decodingUnit.elementCount == 1, inMemory == nil, threads > 1, byteCount > Self.bandBytes {
      // Boxes that are read by all threads.
      try forEachParallelBand(monitor) { (band) throws(CoppiceError) in
        try groups.append(band, take)
      }
      return try groups.finish(take)
    }
    try forEachPiece(ofAtMost: groups.pieceBytes) { (piece) throws(CoppiceError) in
      try groups.append(piece, take)
      try monitor.advance(bytes: piece.byteCount)
    }
    try groups.finish(take)
  }

  /// The most bytes of a band, of which several arrays have one each.
  private static var bandBytes: Int { 16 << 20 }

  /// Reads contiguous bands, each with all processors, into the same memory.
  private func forEachParallelBand(
    _ monitor: OperationMonitor, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let memory = try ArrayMemory(byteCount: Self.bandBytes)
    for band in ContiguousSlabs(of: shape, width: dtype.width, limit: Self.bandBytes) {
      try memory.withUniqueBytes { (bytes: inout MutableRawSpan) throws(CoppiceError) in
        var target = bytes._mutatingExtracting(first: band.shape.elementCount * dtype.width)
        try read(band, into: &target) { (count) throws(CoppiceError) in
          try monitor.advance(bytes: count)
        }
        try body(target.bytes)
      }
    }
  }
}
