import CCoppiceZstd
package import CoppiceModel

/// A compressor of chunks, which uses one context for all.
///
/// Equal bytes at an equal level give equal frames under one version of libzstd. A frame states the
/// size of its content, has no checksum and no dictionary, and its window is at most 8 MiB.
@safe package final class ZstdCompressor {
  private let context: OpaquePointer

  /// The levels of libzstd, without the negative ones.
  package static var levels: ClosedRange<Int> { 1...Int(ZSTD_maxCLevel()) }

  /// Makes a compressor; a level outside of `levels` is clamped.
  ///
  /// - Parameter hasSmallestTable: Whether the search for repeats uses the smallest table that
  ///   libzstd allows.
  /// - Throws: `limit.memory` when libzstd has no memory.
  package init(level: Int, hasSmallestTable: Bool = false) throws(CoppiceError) {
    guard let context = unsafe ZSTD_createCCtx() else { throw .outOfMemory(byteCount: 1 << 20) }
    unsafe self.context = context
    let level = min(max(level, Self.levels.lowerBound), Self.levels.upperBound)
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 1)
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 0)
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_dictIDFlag, 0)
    if hasSmallestTable {
      let least = ZSTD_cParam_getBounds(ZSTD_c_hashLog).lowerBound
      unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog, least)
      unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_minMatch, 7)
    }
    // From this level on libzstd's own windows are wider than the format allows.
    if level >= 20 { unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, 23) }
  }

  deinit { unsafe ZSTD_freeCCtx(context) }

  /// Returns the greatest size of a frame whose content has `byteCount` bytes.
  package static func bound(_ byteCount: Int) -> Int { ZSTD_compressBound(byteCount) }

  /// Compresses into the caller's memory.
  ///
  /// - Returns: The frame's size, or `nil` when it doesn't fit. Pass memory for fewer bytes than
  ///   the content has to learn whether compression gains anything.
  /// - Throws: `limit.memory` when libzstd has no memory.
  package func compress(
    _ bytes: RawSpan, into target: inout MutableRawSpan
  ) throws(CoppiceError) -> Int? {
    let result = unsafe bytes.withUnsafeBytes { source in
      unsafe target.withUnsafeMutableBytes { target in
        unsafe ZSTD_compress2(
          context, target.baseAddress, target.count, source.baseAddress, source.count)
      }
    }
    if ZSTD_isError(result) == 0 { return result }
    // libzstd's code 64 is "no memory"; the only other error for valid arguments is "no room".
    guard result != Int(bitPattern: 0 &- UInt(64)) else {
      throw .outOfMemory(byteCount: bytes.byteCount)
    }
    return nil
  }

  /// Compresses, replacing the contents of `output`.
  package func compress(_ bytes: RawSpan, into output: inout [UInt8]) throws(CoppiceError) {
    let bound = Self.bound(bytes.byteCount)
    if output.count < bound {
      output.append(contentsOf: repeatElement(0, count: bound - output.count))
    }
    var span = output.mutableSpan
    var target = unsafe span.mutableBytes
    guard let count = try compress(bytes, into: &target) else {
      throw .outOfMemory(byteCount: bound)
    }
    output.removeLast(output.count - count)
  }
}
