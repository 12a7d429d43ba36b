extension ArraySource {
  /// Reads the whole array into memory.
  ///
  /// An array in memory is shared, not copied.
  ///
  /// - Throws: `limit.memory`; the errors of reading.
  public func load() throws(CoppiceError) -> NDArray { try load { _ in } }

  /// Reads the whole array into memory and reports progress.
  ///
  /// - Parameter tell: Called with the number of bytes since the last call, possibly by several
  ///   threads.
  /// - Throws: `limit.memory`; the errors of reading and of `tell`.
  package func load(
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) -> NDArray {
    if let array = inMemory {
      try tell(array.byteCount)
      return array
    }
    let range = ArrayBox(whole: shape)
    return try NDArray(dtype: dtype, shape: shape) {
      (bytes: inout MutableRawSpan) throws(CoppiceError) in
      try read(range, into: &bytes, tell: tell)
    }
  }
}

extension MutableRawSpan {
  /// Fills the bytes with parts that can be read independently, on all processors if there are many
  /// bytes.
  ///
  /// - Parameters:
  ///   - count: The number of parts, which fill disjoint ranges of the bytes.
  ///   - read: Reads consecutive parts.
  /// - Throws: The errors of `read`.
  package mutating func fill(
    parts count: Int,
    _ read: @Sendable (Range<Int>, inout MutableRawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard count > 1, byteCount >= SharedMemory.threshold, ParallelWork.streamCount > 1 else {
      return try read(0..<count, &self)
    }
    // Enough per job to reuse buffers, and few enough to keep all processors busy.
    let perJob = max(1, min(count / (ParallelWork.streamCount * 4), 64))
    let jobs = (count + perJob - 1) / perJob
    let byteCount = byteCount
    let memory = unsafe withUnsafeMutableBytes { unsafe SharedMemory(base: $0.baseAddress) }
    try ParallelWork.run(count: jobs, width: ParallelWork.streamCount) {
      (job) throws(CoppiceError) in
      guard let start = unsafe memory.base else { return }
      var whole = unsafe MutableRawSpan(_unsafeStart: start, byteCount: byteCount)
      try read((job * perJob)..<min((job + 1) * perJob, count), &whole)
    }
  }
}

/// The memory that several threads fill, each its own ranges.
@safe private struct SharedMemory: @unchecked Sendable {
  // Unchecked: the threads write disjoint bytes, and finish before the memory is read.
  let base: UnsafeMutableRawPointer?

  /// The size from which several threads read an array; smaller arrays are read in parallel with
  /// others.
  static let threshold = 4 << 20
}
