/// An array that is truncated or padded at the end of each dimension.
///
/// Elements keep their indices: elements beyond the new extents are left out, and elements beyond
/// the old extents have the fill value.
public struct ResizingSource: ArraySource {
  private let base: any ArraySource
  private let fill: [UInt8]
  /// The new extents.
  public let shape: Shape

  /// Resizes an array.
  ///
  /// - Parameters:
  ///   - base: The array to resize.
  ///   - shape: The extents to have, of as many dimensions.
  ///   - fill: The bytes of the element that fills up; `nil` for zeros.
  /// - Throws: `usage.shape` when the number of dimensions differs; `model.byte-count` when the
  ///   fill element's byte count isn't the dtype's width.
  public init(
    _ base: any ArraySource, to shape: Shape, fill: [UInt8]? = nil
  ) throws(CoppiceError) {
    guard shape.rank == base.shape.rank, shape.byteCount(of: base.dtype) != nil else {
      throw CoppiceError(
        .usageShape,
        "an array of shape \(base.shape) can't become one of shape \(shape): resizing keeps the "
          + "number of dimensions")
    }
    let element = fill ?? [UInt8](repeating: 0, count: base.dtype.width)
    guard element.count == base.dtype.width else {
      throw CoppiceError(
        .modelByteCount,
        "an element of \(base.dtype) has \(base.dtype.width) bytes, but \(element.count) were given"
      )
    }
    (self.base, self.shape, self.fill) = (base, shape, element)
  }

  /// The element type of the array.
  public var dtype: DType { base.dtype }

  /// The array if it is in memory and the extents are the same; otherwise `nil`.
  public var inMemory: NDArray? { shape == base.shape ? base.inMemory : nil }

  /// The array's bytes if the extents are the same; otherwise `nil`.
  public var contiguousBytes: (any ByteSource)? {
    shape == base.shape ? base.contiguousBytes : nil
  }

  /// The array's block if the extents are the same; otherwise `nil`.
  public var block: ArrayBlock? { shape == base.shape ? base.block : nil }

  /// Reads a box, with the fill element beyond the array.
  ///
  /// - Throws: The errors of the array.
  public func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    let whole = ArrayBox(whole: base.shape)
    if range.isContained(in: base.shape) {
      try base.read(range, into: &bytes)
      return
    }
    bytes.fill(repeating: fill)
    guard let shared = range.intersection(whole) else { return }
    try base.read(
      shared, to: shared.relative(to: range.offset), of: range.shape, into: &bytes)
  }
}
