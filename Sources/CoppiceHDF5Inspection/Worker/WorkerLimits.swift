/// The limits of the process that parses a foreign file.
package struct WorkerLimits: Hashable, Sendable {
  /// Bytes of address space.
  package var memoryBytes = 2 << 30
  /// Seconds of processor time.
  package var processorSeconds = 60
  /// Seconds from start to end.
  package var seconds = 120
  /// Bytes of the answer.
  package var outputBytes = 512 << 20

  package init() {}

  /// Makes the limits for a file of this size: a small file describes little, unless it is hostile.
  package init(fileByteCount: Int) {
    processorSeconds = min(5 + fileByteCount >> 20, processorSeconds)
    seconds = min(30 + 2 * processorSeconds, seconds)
  }
}
