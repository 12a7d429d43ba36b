import CoppiceModel

/// Zeros that count the bytes that are read of them.
final class CountingSource: ArraySource, @unchecked Sendable {
  // Unchecked: tests read on one thread.
  let dtype = DType.uint8
  let shape: Shape
  private(set) var readBytes = 0

  init(shape: Shape) { self.shape = shape }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    readBytes += bytes.byteCount
    bytes.fill(0, at: 0, count: bytes.byteCount)
  }
}
