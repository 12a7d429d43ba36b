import CCoppiceZlib
package import CoppiceModel

/// Deflation in zlib's wrapper (RFC 1950), which HDF5's filter 1 has.
package enum Deflate {
  /// The levels of zlib that compress.
  package static let levels = 1...9

  /// Compresses into the caller's memory.
  ///
  /// - Returns: The number of coded bytes, or `nil` when they don't fit. Pass memory for fewer bytes
  ///   than the content has to learn whether compression gains anything.
  /// - Throws: `limit.memory` when zlib has no memory.
  package static func compress(
    _ bytes: RawSpan, level: Int, into target: inout MutableRawSpan
  ) throws(CoppiceError) -> Int? {
    var count = uLongf(target.byteCount)
    let result = unsafe bytes.withUnsafeBytes { source in
      unsafe target.withUnsafeMutableBytes { target in
        unsafe compress2(
          target.baseAddress?.assumingMemoryBound(to: Bytef.self), &count,
          source.baseAddress?.assumingMemoryBound(to: Bytef.self), uLong(source.count),
          Int32(min(max(level, levels.lowerBound), levels.upperBound)))
      }
    }
    switch result {
    case Z_OK: return Int(count)
    case Z_BUF_ERROR: return nil
    default: throw .outOfMemory(byteCount: bytes.byteCount)
    }
  }
}
