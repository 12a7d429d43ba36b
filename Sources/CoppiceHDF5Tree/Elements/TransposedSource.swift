import CoppiceModel

/// A view of an array with its dimensions in reverse: a matrix transposed.
struct TransposedSource: ArraySource {
  let shape: Shape
  private let base: any ArraySource

  /// The most bytes of the base that are read at once.
  private static let bandBytes = 8 << 20

  /// Returns an array with its dimensions in reverse.
  static func transposing(_ base: any ArraySource) -> any ArraySource {
    guard base.shape.rank > 1, let shape = Shape(base.shape.dimensions.reversed()) else {
      return base
    }
    let view = TransposedSource(shape: shape, base: base)
    guard !view.isVector, let bytes = base.contiguousBytes,
      let strided = StridedArraySource(fortranOrder: bytes, dtype: base.dtype, shape: shape)
    else { return view }
    return strided
  }

  private init(shape: Shape, base: any ArraySource) {
    self.shape = shape
    self.base = base
  }

  var dtype: DType { base.dtype }

  /// Whether the elements are in the same order either way.
  private var isVector: Bool { shape.dimensions.count { $0 != 1 } <= 1 }

  var contiguousBytes: (any ByteSource)? { isVector ? base.contiguousBytes : nil }

  var decodingUnit: Shape { Shape(base.decodingUnit.dimensions.reversed()) ?? shape }

  func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    try base.places(at: path)
  }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    guard
      let box = Shape(range.shape.dimensions.reversed()).flatMap({
        ArrayBox(offset: range.offset.reversed(), shape: $0)
      })
    else { return }
    if box.shape.dimensions.count(where: { $0 != 1 }) <= 1 {
      return try base.read(box, into: &bytes)
    }
    // The distance in the target from one element of the base to the next along each dimension.
    var strides: [Int] = []
    for extent in box.shape.dimensions { strides.append((strides.last ?? 1) * extent) }
    strides = [1] + strides.dropLast()
    var band: [UInt8] = []
    for part in ContiguousSlabs(of: box.shape, width: dtype.width, limit: Self.bandBytes) {
      let count = part.shape.elementCount * dtype.width
      if band.count != count { band = Array(repeating: 0, count: count) }
      guard
        let whole = ArrayBox(
          offset: zip(part.offset, box.offset).map { $0 + $1 }, shape: part.shape)
      else { return }
      var span = band.mutableSpan
      var target = unsafe span.mutableBytes
      try base.read(whole, into: &target)
      let start = zip(part.offset, strides).reduce(0) { $0 + $1.0 * $1.1 }
      Self.scatter(target.bytes, part.shape.dimensions, strides, start, dtype.width, &bytes)
    }
  }

  private static func scatter(
    _ band: RawSpan, _ extents: [Int], _ strides: [Int], _ start: Int, _ width: Int,
    _ bytes: inout MutableRawSpan
  ) {
    unsafe band.withUnsafeBytes { band in
      unsafe bytes.withUnsafeMutableBytes { bytes in
        switch width {
        case 1: unsafe scatter(UInt8.self, band, extents, strides, start, bytes)
        case 2: unsafe scatter(UInt16.self, band, extents, strides, start, bytes)
        case 4: unsafe scatter(UInt32.self, band, extents, strides, start, bytes)
        case 8: unsafe scatter(UInt64.self, band, extents, strides, start, bytes)
        default: unsafe scatter(SIMD2<UInt64>.self, band, extents, strides, start, bytes)
        }
      }
    }
  }

  private static func scatter<Word: BitwiseCopyable>(
    _ word: Word.Type, _ band: UnsafeRawBufferPointer, _ extents: [Int], _ strides: [Int],
    _ start: Int, _ bytes: UnsafeMutableRawBufferPointer
  ) {
    let width = MemoryLayout<Word>.size
    let last = extents.count - 1
    var index = Array(repeating: 0, count: extents.count)
    var (from, target) = (0, start)
    while true {
      var to = target * width
      for _ in 0..<extents[last] {
        unsafe bytes.storeBytes(
          of: band.loadUnaligned(fromByteOffset: from, as: word), toByteOffset: to, as: word)
        from += width
        to += strides[last] * width
      }
      var dimension = last - 1
      while dimension >= 0 {
        index[dimension] += 1
        target += strides[dimension]
        if index[dimension] < extents[dimension] { break }
        target -= strides[dimension] * extents[dimension]
        index[dimension] = 0
        dimension -= 1
      }
      if dimension < 0 { return }
    }
  }
}
