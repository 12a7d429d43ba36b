import CCoppiceCRC32

/// The checksum of zip, gzip and PNG, computed incrementally.
package struct CRC32 {
  /// The checksum of all bytes so far.
  package private(set) var value: UInt32 = 0

  package init() {}

  /// Adds the next bytes.
  package mutating func update(_ bytes: RawSpan) {
    let before = value
    value = unsafe bytes.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress else { return before }
      return unsafe ccrc32_extend(before, start, buffer.count)
    }
  }
}
