import CoppiceModel

/// An array whose elements are converted when they are read.
struct ConvertedSource: ArraySource {
  let form: ElementForm
  let base: any ArraySource

  var dtype: DType { form.dtype }
  var shape: Shape { base.shape }

  func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    try base.places(at: path)
  }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    try base.read(range, into: &bytes)
    try form.convert(&bytes)
  }
}
