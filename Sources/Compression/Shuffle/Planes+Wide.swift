extension Planes {
  /// How many elements of sixteen bytes are turned into words of eight at a time.
  private static let block = 512

  /// Elements of sixteen bytes: as two runs of eight-byte words.
  static func split16(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ count: Int, stride: Int
  ) {
    unsafe withUnsafeTemporaryAllocation(byteCount: 16 * block, alignment: 64) { halves in
      guard let low = halves.baseAddress else { return }
      let high = unsafe low + 8 * block
      for start in Swift.stride(from: 0, to: count, by: block) {
        let length = min(block, count - start)
        for index in 0..<length {
          unsafe copyWord(source, 16 * (start + index), low, 8 * index)
          unsafe copyWord(source, 16 * (start + index) + 8, high, 8 * index)
        }
        unsafe split8(low, target + start, length, stride: stride)
        unsafe split8(high, target + 8 * stride + start, length, stride: stride)
      }
    }
  }

  static func join16(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ count: Int, stride: Int
  ) {
    unsafe withUnsafeTemporaryAllocation(byteCount: 16 * block, alignment: 64) { halves in
      guard let low = halves.baseAddress else { return }
      let high = unsafe low + 8 * block
      for start in Swift.stride(from: 0, to: count, by: block) {
        let length = min(block, count - start)
        unsafe join8(source + start, low, length, stride: stride)
        unsafe join8(source + 8 * stride + start, high, length, stride: stride)
        for index in 0..<(length / lanes * lanes) {
          unsafe copyWord(low, 8 * index, target, 16 * (start + index))
          unsafe copyWord(high, 8 * index, target, 16 * (start + index) + 8)
        }
      }
    }
  }

  @inline(__always)
  private static func copyWord(
    _ source: UnsafeRawPointer, _ from: Int, _ target: UnsafeMutableRawPointer, _ to: Int
  ) {
    let word = unsafe source.loadUnaligned(fromByteOffset: from, as: UInt64.self)
    unsafe target.storeBytes(of: word, toByteOffset: to, as: UInt64.self)
  }

  /// Splits elements of any width byte by byte, from one of them on.
  static func split(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, from start: Int, _ count: Int,
    width: Int
  ) {
    for index in start..<count {
      for plane in 0..<width {
        let byte = unsafe source.load(fromByteOffset: index * width + plane, as: UInt8.self)
        unsafe target.storeBytes(of: byte, toByteOffset: plane * count + index, as: UInt8.self)
      }
    }
  }

  /// Joins elements of any width byte by byte, from one of them on.
  static func join(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, from start: Int, _ count: Int,
    width: Int
  ) {
    for index in start..<count {
      for plane in 0..<width {
        let byte = unsafe source.load(fromByteOffset: plane * count + index, as: UInt8.self)
        unsafe target.storeBytes(of: byte, toByteOffset: index * width + plane, as: UInt8.self)
      }
    }
  }
}
