import CoppiceModel

/// The checksum of HDF5's filter 3: Fletcher's, over big-endian words of 16 bits.
enum Fletcher32 {
  /// Returns the sum of some bytes; an odd last byte is the high half of a word.
  static func sum(_ bytes: RawSpan) -> UInt32 {
    var (low, high): (UInt32, UInt32) = (0, 0)
    let words = bytes.byteCount / 2
    var index = 0
    while index < words {
      // The number of words that can't overflow the sums.
      let end = min(index + 360, words)
      while index < end {
        low &+= UInt32(
          unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 2 * index, as: UInt16.self).bigEndian)
        high &+= low
        index += 1
      }
      fold(&low, &high)
    }
    if bytes.byteCount % 2 == 1 {
      let last = unsafe bytes.unsafeLoad(fromByteOffset: bytes.byteCount - 1, as: UInt8.self)
      low &+= UInt32(last) << 8
      high &+= low
      fold(&low, &high)
    }
    fold(&low, &high)
    return high << 16 | low
  }

  private static func fold(_ low: inout UInt32, _ high: inout UInt32) {
    low = (low & 0xFFFF) &+ (low >> 16)
    high = (high & 0xFFFF) &+ (high >> 16)
  }

  /// Returns whether a stored sum is that of some bytes.
  ///
  /// Before 1.6.3 libhdf5 swapped the bytes of each half on some machines, and it still accepts
  /// such sums.
  static func matches(_ stored: UInt32, _ bytes: RawSpan) -> Bool {
    let sum = sum(bytes)
    let swapped = (sum & 0xFF00_FF00) >> 8 | (sum & 0x00FF_00FF) << 8
    return stored == sum || stored == swapped
  }
}
