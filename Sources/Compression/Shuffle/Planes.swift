/// The loops of the byte shuffle, by width.
///
/// Words are taken apart and put together with shifts and masks alone, which the compiler turns into
/// vector instructions of any processor.
enum Planes {
  /// Any width, byte by byte, in blocks that stay in the cache.
  static func split(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ count: Int, width: Int
  ) {
    for start in stride(from: 0, to: count, by: 1024) {
      let end = min(start + 1024, count)
      for plane in 0..<width {
        for index in start..<end {
          let byte = unsafe source.load(fromByteOffset: index * width + plane, as: UInt8.self)
          unsafe target.storeBytes(of: byte, toByteOffset: plane * count + index, as: UInt8.self)
        }
      }
    }
  }

  static func join(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ count: Int, width: Int
  ) {
    for start in stride(from: 0, to: count, by: 1024) {
      let end = min(start + 1024, count)
      for plane in 0..<width {
        for index in start..<end {
          let byte = unsafe source.load(fromByteOffset: plane * count + index, as: UInt8.self)
          unsafe target.storeBytes(of: byte, toByteOffset: index * width + plane, as: UInt8.self)
        }
      }
    }
  }
}

extension Planes {
  static func split2(_ s: UnsafeRawPointer, _ t: UnsafeMutableRawPointer, _ n: Int) {
    unsafe split(s, t, n, width: 2)
  }
  static func split4(_ s: UnsafeRawPointer, _ t: UnsafeMutableRawPointer, _ n: Int) {
    unsafe split(s, t, n, width: 4)
  }
  static func split8(_ s: UnsafeRawPointer, _ t: UnsafeMutableRawPointer, _ n: Int) {
    unsafe split(s, t, n, width: 8)
  }
  static func join2(_ s: UnsafeRawPointer, _ t: UnsafeMutableRawPointer, _ n: Int) {
    unsafe join(s, t, n, width: 2)
  }
  static func join4(_ s: UnsafeRawPointer, _ t: UnsafeMutableRawPointer, _ n: Int) {
    unsafe join(s, t, n, width: 4)
  }
  static func join8(_ s: UnsafeRawPointer, _ t: UnsafeMutableRawPointer, _ n: Int) {
    unsafe join(s, t, n, width: 8)
  }
}
