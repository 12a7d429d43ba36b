/// The loops of the byte shuffle.
///
/// Sixteen elements at a time are taken apart and put together with vector shifts, which the compiler
/// has instructions for on any processor. Planes lie `stride` bytes apart; what is left of the
/// elements after the last sixteen is for the caller.
enum Planes {
  typealias Bytes = SIMD16<UInt8>

  /// How many elements the loops take at a time.
  static let lanes = 16

  @inline(__always)
  private static func put(_ bytes: Bytes, _ target: UnsafeMutableRawPointer, _ offset: Int) {
    unsafe target.storeBytes(of: bytes, toByteOffset: offset, as: Bytes.self)
  }

  @inline(__always)
  private static func get(_ source: UnsafeRawPointer, _ offset: Int) -> Bytes {
    unsafe source.loadUnaligned(fromByteOffset: offset, as: Bytes.self)
  }

  static func split2(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ count: Int, stride: Int
  ) {
    for index in Swift.stride(from: 0, through: count - lanes, by: lanes) {
      let words = unsafe source.loadUnaligned(
        fromByteOffset: 2 * index, as: SIMD16<UInt16>.self)
      unsafe put(Bytes(truncatingIfNeeded: words), target, index)
      unsafe put(Bytes(truncatingIfNeeded: words &>> 8), target, stride + index)
    }
  }

  static func split4(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ count: Int, stride: Int
  ) {
    for index in Swift.stride(from: 0, through: count - lanes, by: lanes) {
      let words = unsafe source.loadUnaligned(
        fromByteOffset: 4 * index, as: SIMD16<UInt32>.self)
      unsafe putPlanes(words, target + index, stride)
    }
  }

  static func split8(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ count: Int, stride: Int
  ) {
    for index in Swift.stride(from: 0, through: count - lanes, by: lanes) {
      let words = unsafe source.loadUnaligned(
        fromByteOffset: 8 * index, as: SIMD16<UInt64>.self)
      unsafe putPlanes(
        SIMD16<UInt32>(truncatingIfNeeded: words), target + index, stride)
      unsafe putPlanes(
        SIMD16<UInt32>(truncatingIfNeeded: words &>> 32), target + 4 * stride + index, stride)
    }
  }

  @inline(__always)
  private static func putPlanes(
    _ words: SIMD16<UInt32>, _ target: UnsafeMutableRawPointer, _ stride: Int
  ) {
    unsafe put(Bytes(truncatingIfNeeded: words), target, 0)
    unsafe put(Bytes(truncatingIfNeeded: words &>> 8), target, stride)
    unsafe put(Bytes(truncatingIfNeeded: words &>> 16), target, 2 * stride)
    unsafe put(Bytes(truncatingIfNeeded: words &>> 24), target, 3 * stride)
  }

  static func join2(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ count: Int, stride: Int
  ) {
    for index in Swift.stride(from: 0, through: count - lanes, by: lanes) {
      let low = unsafe SIMD16<UInt16>(truncatingIfNeeded: get(source, index))
      let high = unsafe SIMD16<UInt16>(truncatingIfNeeded: get(source, stride + index))
      unsafe target.storeBytes(
        of: low | high &<< 8, toByteOffset: 2 * index, as: SIMD16<UInt16>.self)
    }
  }

  static func join4(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ count: Int, stride: Int
  ) {
    for index in Swift.stride(from: 0, through: count - lanes, by: lanes) {
      unsafe target.storeBytes(
        of: words(source + index, stride), toByteOffset: 4 * index, as: SIMD16<UInt32>.self)
    }
  }

  static func join8(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ count: Int, stride: Int
  ) {
    for index in Swift.stride(from: 0, through: count - lanes, by: lanes) {
      let low = unsafe SIMD16<UInt64>(truncatingIfNeeded: words(source + index, stride))
      let high = unsafe SIMD16<UInt64>(
        truncatingIfNeeded: words(source + 4 * stride + index, stride))
      unsafe target.storeBytes(
        of: low | high &<< 32, toByteOffset: 8 * index, as: SIMD16<UInt64>.self)
    }
  }

  @inline(__always)
  private static func words(_ source: UnsafeRawPointer, _ stride: Int) -> SIMD16<UInt32> {
    unsafe word(source, 0) | word(source, stride) &<< 8 | word(source, 2 * stride) &<< 16
      | word(source, 3 * stride) &<< 24
  }

  @inline(__always)
  private static func word(_ source: UnsafeRawPointer, _ offset: Int) -> SIMD16<UInt32> {
    unsafe SIMD16<UInt32>(truncatingIfNeeded: get(source, offset))
  }
}
