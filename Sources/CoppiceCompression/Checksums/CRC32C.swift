import CCoppiceCRC32C

/// The checksum that OCDBT and zarr 3 use.
package enum CRC32C {
  /// Extends a sum by more bytes; the first sum is 0.
  package static func extend(_ sum: UInt32, _ bytes: RawSpan) -> UInt32 {
    unsafe bytes.withUnsafeBytes { unsafe ccrc32c_extend(sum, $0.baseAddress, $0.count) }
  }

  /// Returns whether the last four bytes hold the sum of the bytes before them.
  package static func holds(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 4 else { return false }
    let sum = extend(0, unsafe bytes.span.bytes.extracting(droppingLast: 4))
    return bytes.suffix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) } == sum
  }
}
