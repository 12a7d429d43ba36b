/// What the process that parses a foreign file may take.
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

  /// The limits for a file of some bytes: a small one describes little, unless it is hostile.
  package init(fileByteCount: Int) {
    processorSeconds = min(5 + fileByteCount >> 20, processorSeconds)
    seconds = min(30 + 2 * processorSeconds, seconds)
  }
}
