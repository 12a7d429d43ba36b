/// A source whose shards or chunks can be read concurrently and in any order.
package protocol BoxwiseSource: ArraySource {
  /// The number of shards or chunks; 0 when the array has no elements.
  var partCount: Int { get }

  /// Reads shards or chunks into the whole array and leaves its other bytes unchanged.
  ///
  /// - Parameters:
  ///   - parts: The shards or chunks to read, all below `partCount`.
  ///   - whole: The bytes of the whole array.
  ///   - tell: Called every few megabytes with the number of bytes since the last call.
  /// - Throws: The errors of reading and of `tell`.
  func read(
    parts: Range<Int>, into whole: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError)
}

extension ArraySource {
  /// Reads the whole array, on all processors if it is large and stored as several shards or
  /// chunks.
  ///
  /// - Parameter tell: Called with the number of bytes since the last call, possibly by several
  ///   threads.
  /// - Throws: `limit.memory`; the errors of reading and of `tell`.
  package func load(
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) -> NDArray {
    // An array in memory is shared, not copied.
    if let array = self as? NDArray {
      try tell(array.byteCount)
      return array
    }
    let (dtype, shape) = (dtype, shape)
    guard let partwise = self as? any BoxwiseSource else {
      let array = try load()
      try tell(array.byteCount)
      return array
    }
    let partCount = partwise.partCount
    return try NDArray(dtype: dtype, shape: shape) {
      (bytes: inout MutableRawSpan) throws(CoppiceError) in
      let count = bytes.byteCount
      guard partCount > 1, count >= ParallelParts.threshold else {
        try partwise.read(parts: 0..<partCount, into: &bytes, tell: tell)
        return
      }
      // Enough per job to reuse buffers, and few enough to keep all processors busy.
      let perJob = max(1, min(partCount / (ParallelWork.streamCount * 4), 64))
      let jobs = (partCount + perJob - 1) / perJob
      try bytes.fillTogether(jobs: jobs, isLarge: true) { (job, whole) throws(CoppiceError) in
        // Each job writes only the bytes of its own shards or chunks, which don't overlap.
        let parts = (job * perJob)..<min((job + 1) * perJob, partCount)
        try partwise.read(parts: parts, into: &whole, tell: tell)
      }
    }
  }
}

extension MutableRawSpan {
  /// Runs jobs that fill disjoint ranges of the bytes, on all processors.
  ///
  /// - Parameter isLarge: Whether the work is worth more threads than the calling one.
  /// - Throws: The errors of the jobs.
  package mutating func fillTogether(
    jobs: Int, isLarge: Bool,
    _ job: @Sendable (Int, inout MutableRawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard isLarge, jobs > 1, ParallelWork.streamCount > 1 else {
      for index in 0..<jobs { try job(index, &self) }
      return
    }
    let count = byteCount
    let memory = unsafe withUnsafeMutableBytes { unsafe ParallelParts(base: $0.baseAddress) }
    try ParallelWork.run(count: jobs, width: ParallelWork.streamCount) {
      (index) throws(CoppiceError) in
      guard let start = unsafe memory.base else { return }
      var whole = unsafe MutableRawSpan(_unsafeStart: start, byteCount: count)
      try job(index, &whole)
    }
  }
}

/// The memory that several threads fill, each its own ranges.
@safe struct ParallelParts: @unchecked Sendable {
  // Unchecked: the threads write disjoint bytes, and finish before the memory is read.
  let base: UnsafeMutableRawPointer?

  /// The size from which several threads read an array; smaller arrays are read in parallel with
  /// others.
  static let threshold = 8 << 20
}
