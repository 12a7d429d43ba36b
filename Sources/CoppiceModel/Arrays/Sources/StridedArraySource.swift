/// An array whose elements lie in a byte source at a fixed stride along each dimension.
///
/// Arrays in Fortran order, transposed arrays and views into a larger array are of this kind. A
/// stride of zero repeats one element along its dimension.
package struct StridedArraySource: ArraySource {
  package let dtype: DType
  package let shape: Shape

  private let bytes: any ByteSource

  /// The byte offset of the first element.
  private let start: Int

  /// The strides in bytes.
  private let strides: [Int]

  /// Makes a source.
  ///
  /// - Parameters:
  ///   - offset: The position of the first element, in elements.
  ///   - strides: The strides of the dimensions, in elements.
  /// - Returns: `nil` when a number is negative, when the number of strides isn't the rank, or when
  ///   any element would lie outside the bytes.
  package init?(
    dtype: DType, shape: Shape, offset: Int, strides: [Int], in bytes: any ByteSource
  ) {
    guard shape.rank == strides.count, offset >= 0, strides.allSatisfy({ $0 >= 0 }) else {
      return nil
    }
    self.dtype = dtype
    self.shape = shape
    self.bytes = bytes
    guard shape.elementCount > 0 else {
      self.start = 0
      self.strides = strides.map { _ in 0 }
      return
    }
    var last = offset
    var scaled: [Int] = []
    for (extent, stride) in zip(shape.dimensions, strides) {
      let reach = (extent - 1).multipliedReportingOverflow(by: stride)
      let sum = last.addingReportingOverflow(reach.partialValue)
      guard !reach.overflow, !sum.overflow else { return nil }
      last = sum.partialValue
      // The stride of a dimension of extent 1 is never used, so any number is allowed.
      scaled.append(extent > 1 ? stride : 0)
    }
    guard last < bytes.byteCount / dtype.width else { return nil }
    self.start = offset * dtype.width
    self.strides = scaled.map { $0 * dtype.width }
  }

  package var view: ArrayView? {
    guard shape.elementCount > 0 else { return nil }
    var count = dtype.width
    var isDense = true
    for (extent, stride) in zip(shape.dimensions, strides).sorted(by: { $0.1 < $1.1 })
    where extent > 1 {
      isDense = isDense && stride <= count
      count += (extent - 1) * stride
    }
    return bytes.identity.map {
      ArrayView($0.slice(at: start, count: count), isDense: isDense)
    }
  }

  /// Makes the source of an array in Fortran order that fills the bytes exactly.
  ///
  /// - Returns: `nil` when the byte count doesn't match dtype and shape.
  package init?(fortranOrder bytes: any ByteSource, dtype: DType, shape: Shape) {
    guard shape.byteCount(of: dtype) == bytes.byteCount else { return nil }
    var strides: [Int] = []
    var stride = 1
    for extent in shape.dimensions {
      strides.append(stride)
      // An empty array needs no strides, and their product might overflow.
      stride = shape.elementCount > 0 ? stride * extent : 1
    }
    self.init(dtype: dtype, shape: shape, offset: 0, strides: strides, in: bytes)
  }

  package func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    bytes.place.map { [$0] } ?? []
  }

  package func read(
    _ range: ArrayBox, into target: inout MutableRawSpan
  ) throws(CoppiceError) {
    guard range.shape.elementCount > 0 else { return }
    var first = start
    for (offset, stride) in zip(range.offset, strides) { first += offset * stride }
    var gather = StridedGather(
      extents: range.shape.dimensions, strides: strides, width: dtype.width)
    try gather.read(from: bytes, at: first, into: &target)
  }

  /// Reads bands as large as the working memory allows: a wider band means longer contiguous reads.
  package func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    try forEachWideBand(ofAtMost: limit, body)
  }
}
