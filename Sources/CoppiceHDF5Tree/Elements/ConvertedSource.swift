import CoppiceModel

/// An array whose elements are converted when they are read.
struct ConvertedSource: ArraySource {
  let form: ElementForm
  let base: any ArraySource

  var dtype: DType { form.dtype }
  var shape: Shape { base.shape }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    try base.read(range, into: &bytes)
    try form.convert(&bytes)
  }
}

/// An array that repeats one element, and isn't stored.
struct FillSource: ArraySource {
  let dtype: DType
  let shape: Shape
  /// One element.
  let element: [UInt8]

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    bytes.fill(element: element)
  }
}

extension MutableRawSpan {
  /// Repeats an element.
  mutating func fill(element: [UInt8]) {
    guard let first = element.first else { return }
    if element.allSatisfy({ $0 == first }) { return fill(first, at: 0, count: byteCount) }
    let source = unsafe element.span.bytes
    for offset in stride(from: 0, to: byteCount - byteCount % element.count, by: element.count) {
      copy(from: source, at: offset)
    }
  }
}
