import CCoppiceZlib

/// The checksum of zip, gzip and PNG, computed incrementally.
package struct CRC32 {
  private var state: UInt = 0

  package init() {}

  /// The checksum of all bytes so far.
  package var value: UInt32 { UInt32(truncatingIfNeeded: state) }

  /// Adds the next bytes.
  package mutating func update(_ bytes: RawSpan) {
    let before = state
    state = unsafe bytes.withUnsafeBytes { buffer in
      // zlib takes a null pointer as a request to begin again.
      guard let start = buffer.baseAddress, buffer.count > 0 else { return before }
      return unsafe UInt(
        crc32_z(uLong(before), start.assumingMemoryBound(to: UInt8.self), buffer.count))
    }
  }
}
