package import CoppiceModel

/// Compresses byte planes: the bytes of equal significance of many elements, side by side.
///
/// The planes of weights and their moments are noise of few distinct bytes. What a table of some
/// thousand places finds in it are chance repeats of a few bytes, which cost more than those bytes coded
/// one by one: with the smallest table frames are smaller, and twice as fast to make. Tiled rows,
/// codebooks and smooth tables do repeat themselves. So each chunk is looked at first. Equal chunks give
/// equal frames, whatever came before.
package struct ZstdPlaneCompressor {
  /// Finds runs and little else.
  private let brief: ZstdCompressor
  /// Looks for repeats as its level says.
  private let thorough: ZstdCompressor

  /// One byte of so many is in the sample.
  private static let sampleStep = 16
  /// The least bytes of each plane that tell one kind from the other; of smaller chunks both searches
  /// are quick.
  private static let leastSample = 2 << 10

  /// Makes a compressor; the level is brought into `ZstdCompressor.levels`.
  ///
  /// - Throws: `limit.memory` when libzstd has no memory.
  package init(level: Int) throws(CoppiceError) {
    brief = try ZstdCompressor(level: 1, hasSmallestTable: true)
    thorough = try ZstdCompressor(level: level)
  }

  /// Compresses planes of equal size into memory of the caller's.
  ///
  /// - Parameter count: The number of planes; one is compressed as the level says.
  /// - Returns: The frame's size, or `nil` when it doesn't fit.
  /// - Throws: `limit.memory` when libzstd has no memory.
  package func compress(
    _ planes: RawSpan, count: Int, into target: inout MutableRawSpan
  ) throws(CoppiceError) -> Int? {
    let isNoise = try isNoise(planes, count: count, &target)
    return try (isNoise ? brief : thorough).compress(planes, into: &target)
  }

  /// - Parameter scratch: Memory for frames.
  private func isNoise(
    _ planes: RawSpan, count: Int, _ scratch: inout MutableRawSpan
  ) throws(CoppiceError) -> Bool {
    guard count > 1 else { return false }
    let planeBytes = planes.byteCount / count
    let sampled = planeBytes / Self.sampleStep
    guard sampled >= Self.leastSample else { return false }
    // Repeats over a distance that a sample doesn't span; sign and exponent are in the last plane.
    guard !planes.extracting(last: planeBytes).hasRepeatedWords else { return false }
    // Each plane by itself: together they would share one code, which in the chunk they don't.
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
  /// Whether of the words of 16 bytes at the beginning more than one of sixteen was there before, runs
  /// aside.
  ///
  /// The bytes of noise have a few bits each, so words of it are all different. Complexity: linear, for
  /// 256 KiB at most.
  fileprivate var hasRepeatedWords: Bool {
    let slotBits = 14
    let words = Swift.min(byteCount / 16, 1 << slotBits)
    var seen = [UInt32](repeating: 0, count: 1 << slotBits)
    var repeated = 0
    var last: UInt32 = 0
    for word in 0..<words {
      let low = unsafe unsafeLoadUnaligned(fromByteOffset: word * 16, as: UInt64.self)
      let high = unsafe unsafeLoadUnaligned(fromByteOffset: word * 16 + 8, as: UInt64.self)
      // Any two odd numbers with well mixed bits do.
      let mixed = (low ^ (high &* 0x9E37_79B9_7F4A_7C15)) &* 0xC2B2_AE3D_27D4_EB4F
      // Never zero, which says that nothing was here.
      let hash = UInt32(truncatingIfNeeded: mixed >> 32) | 1
      let slot = Int(hash >> UInt32(32 - slotBits))
      if seen[slot] == hash, hash != last { repeated += 1 }
      seen[slot] = hash
      last = hash
    }
    return repeated > words / 16
  }
}
