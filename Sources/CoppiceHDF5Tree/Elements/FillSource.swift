import CoppiceModel

/// An array that repeats the fill value of a dataset, and isn't stored.
struct FillSource: ArraySource {
  let dtype: DType
  let shape: Shape
  /// The element that is repeated, if all are the same.
  let element: [UInt8]?
  /// The elements of a fill value with others, along the last dimensions.
  private let parts: StridedArraySource?

  /// Makes an array.
  ///
  /// - Parameter fill: One element of the dataset, converted: the array's elements along its last dimensions.
  init(dtype: DType, shape: Shape, fill: [UInt8]) {
    (self.dtype, self.shape) = (dtype, shape)
    let width = dtype.width
    let first = fill.prefix(width)
    let areSame = stride(from: 0, to: fill.count, by: width).allSatisfy {
      fill[$0...].prefix(width).elementsEqual(first)
    }
    element = areSame ? Array(first) : nil
    var strides: [Int] = []
    var distance = 1
    for extent in shape.dimensions.reversed() {
      strides.insert(distance * width < fill.count ? distance : 0, at: 0)
      distance = distance.multipliedReportingOverflow(by: extent).partialValue
    }
    parts =
      areSame
      ? nil
      : StridedArraySource(
        dtype: dtype, shape: shape, offset: 0, strides: strides, in: MemoryBytes(fill))
  }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    if let element {
      bytes.fill(repeating: element)
    } else {
      try parts?.read(range, into: &bytes)
    }
  }
}
