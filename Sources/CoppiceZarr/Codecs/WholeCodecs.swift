import CoppiceCompression
import CoppiceModel

/// The filters of numcodecs that need all bytes of a chunk, undone in memory.
enum WholeCodecs {
  /// Undoes the shuffle of bytes.
  static func unshuffle(_ coded: [UInt8], elementBytes: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: coded.count)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    ByteShuffle.unshuffle(unsafe coded.span.bytes, width: elementBytes, into: &target)
    return bytes
  }

  /// Adds up differences of little-endian integers.
  static func addUp(_ coded: [UInt8], elementBytes: Int) -> [UInt8] {
    var bytes = coded
    switch elementBytes {
    case 1: addUp(&bytes, UInt8.self)
    case 2: addUp(&bytes, UInt16.self)
    case 4: addUp(&bytes, UInt32.self)
    default: addUp(&bytes, UInt64.self)
    }
    return bytes
  }

  private static func addUp<Word: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: inout [UInt8], _: Word.Type
  ) {
    unsafe bytes.withUnsafeMutableBytes { bytes in
      var sum: Word = 0
      let width = MemoryLayout<Word>.size
      for offset in stride(from: 0, through: bytes.count - width, by: width) {
        sum &+= unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Word.self)
        unsafe bytes.storeBytes(of: sum, toByteOffset: offset, as: Word.self)
      }
    }
  }
}
