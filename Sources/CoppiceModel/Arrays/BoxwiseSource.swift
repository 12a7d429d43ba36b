/// A source whose whole array can be read in parts, at the same time and in any order.
package protocol BoxwiseSource: ArraySource {
  /// The number of parts, such as shards or chunks; none where the array has no elements.
  var partCount: Int { get }

  /// Reads parts to their places in the whole array and leaves the rest of it as it is.
  ///
  /// - Parameters:
  ///   - parts: Which parts, all below `partCount`.
  ///   - whole: The bytes of the whole array.
  ///   - tell: Called every few megabytes with the number of bytes read since.
  /// - Throws: What reading and `tell` throw.
  func read(
    parts: Range<Int>, into whole: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError)
}

extension ArraySource {
  /// Reads the whole array, on all processors where it is large and stored in parts.
  ///
  /// - Parameter tell: Called with the number of bytes read since, perhaps by several threads.
  /// - Throws: `limit.memory`; what reading and `tell` throw.
  package func load(
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) -> NDArray {
    // What is in memory already is shared.
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
      // So many parts a job that buffers are used again, and so few that all processors have work.
      let perJob = max(1, min(partCount / (ParallelWork.streamCount * 4), 64))
      let jobs = (partCount + perJob - 1) / perJob
      try bytes.fillTogether(jobs: jobs, isLarge: true) { (job, whole) throws(CoppiceError) in
        // Each job writes the places of its own parts only, and parts share no byte.
        let parts = (job * perJob)..<min((job + 1) * perJob, partCount)
        try partwise.read(parts: parts, into: &whole, tell: tell)
      }
    }
  }
}

extension MutableRawSpan {
  /// Lets jobs fill the bytes on all processors, each at places of its own.
  ///
  /// - Parameter isLarge: Whether it is worth more threads than the calling one.
  /// - Throws: What a job throws.
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

/// The memory that several threads fill, each at places of its own.
@safe struct ParallelParts: @unchecked Sendable {
  // Unchecked: the threads write disjoint bytes, and end before the memory is read.
  let base: UnsafeMutableRawPointer?

  /// Smaller arrays are read by one thread: others have arrays of their own to read.
  static let threshold = 8 << 20
}
