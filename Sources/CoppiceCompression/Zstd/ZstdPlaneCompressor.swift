package import CoppiceModel

/// A compressor of byte planes: the bytes of equal significance of many elements, grouped.
///
/// The planes of weights and their moments are noise of few distinct byte values. In noise, a table
/// of some thousand entries finds chance repeats of a few bytes, which cost more than coding those
/// bytes singly. With the smallest table frames are smaller, and made twice as fast. Tiled rows,
/// codebooks and smooth tables do repeat. So the compressor first samples each chunk. Equal chunks
/// give equal frames, whatever it compressed before.
package struct ZstdPlaneCompressor {
  /// The compressor for noise, which finds little more than runs.
  private let brief: ZstdCompressor
  /// The compressor that looks for repeats as its level demands.
  private let thorough: ZstdCompressor

  /// The sampling step: one of this many bytes is in the sample.
  private static let sampleStep = 16
  /// The least bytes of each plane that show the kind; for smaller chunks both searches are quick.
  private static let leastSample = 2 << 10

  /// Makes a compressor; a level outside of `ZstdCompressor.levels` is clamped.
  ///
  /// - Throws: `limit.memory` when libzstd has no memory.
  package init(level: Int) throws(CoppiceError) {
    brief = try ZstdCompressor(level: 1, hasSmallestTable: true)
    thorough = try ZstdCompressor(level: level)
  }

  /// Compresses planes of equal size into the caller's memory.
  ///
  /// - Parameter count: The number of planes; a single one is compressed at the level.
  /// - Returns: The frame's size, or `nil` when it doesn't fit.
  /// - Throws: `limit.memory` when libzstd has no memory.
  package func compress(
    _ planes: RawSpan, count: Int, into target: inout MutableRawSpan
  ) throws(CoppiceError) -> Int? {
    let isNoise = try isNoise(planes, count: count, &target)
    return try (isNoise ? brief : thorough).compress(planes, into: &target)
  }

  /// Returns whether the smallest table suits the planes better than a thorough search.
  ///
  /// - Parameter scratch: Memory for frames.
  private func isNoise(
    _ planes: RawSpan, count: Int, _ scratch: inout MutableRawSpan
  ) throws(CoppiceError) -> Bool {
    guard count > 1 else { return false }
    let planeBytes = planes.byteCount / count
    let sampled = planeBytes / Self.sampleStep
    guard sampled >= Self.leastSample else { return false }
    // Find repeats at distances beyond a sample's length; sign and exponent are in the last plane.
    guard !planes.extracting(last: planeBytes).hasRepeatedWords else { return false }
    // Compress each plane separately: together they would share one code, unlike in the chunk.
    var (brieflySampled, thoroughlySampled) = (0, 0)
    for plane in 0..<count {
      let start = plane * planeBytes
      let sample = planes.extracting(start..<(start + sampled))
      brieflySampled += try brief.compress(sample, into: &scratch) ?? sampled
      thoroughlySampled += try thorough.compress(sample, into: &scratch) ?? sampled
    }
    return brieflySampled <= thoroughlySampled
  }
}

extension RawSpan {
  /// Whether more than one in sixteen of the first 16-byte words occurred before, ignoring runs.
  ///
  /// Bytes of noise carry a few bits each, so its words all differ. Complexity: linear, for at most
  /// 256 KiB.
  fileprivate var hasRepeatedWords: Bool {
    let slotBits = 14
    let words = Swift.min(byteCount / 16, 1 << slotBits)
    var seen = [UInt32](repeating: 0, count: 1 << slotBits)
    var repeated = 0
    var last: UInt32 = 0
    for word in 0..<words {
      let low = unsafe unsafeLoadUnaligned(fromByteOffset: word * 16, as: UInt64.self)
      let high = unsafe unsafeLoadUnaligned(fromByteOffset: word * 16 + 8, as: UInt64.self)
      // Any two odd numbers with well mixed bits are suitable.
      let mixed = (low ^ (high &* 0x9E37_79B9_7F4A_7C15)) &* 0xC2B2_AE3D_27D4_EB4F
      // Zero means an empty slot, so a hash is never zero.
      let hash = UInt32(truncatingIfNeeded: mixed >> 32) | 1
      let slot = Int(hash >> UInt32(32 - slotBits))
      if seen[slot] == hash, hash != last { repeated += 1 }
      seen[slot] = hash
      last = hash
    }
    return repeated > words / 16
  }
}
