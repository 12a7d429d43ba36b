/// A box of an array, as an array of its own.
///
/// Reads go through to the array and touch only what the box needs.
public struct BoxSource: ArraySource {
  private let base: any ArraySource
  private let box: ArrayBox

  /// Cuts a box out of an array.
  ///
  /// - Throws: `usage.box` when the box doesn't lie inside the array.
  public init(_ base: any ArraySource, box: ArrayBox) throws(CoppiceError) {
    guard box.isContained(in: base.shape) else {
      throw CoppiceError(
        .usageBox, "the box \(box) doesn't lie inside the array of shape \(base.shape)")
    }
    self.base = base
    self.box = box
  }

  /// The element type of the array.
  public var dtype: DType { base.dtype }

  /// The extents of the box.
  public var shape: Shape { box.shape }

  /// The array's bytes where the box is the whole of it; otherwise `nil`.
  public var contiguousBytes: (any ByteSource)? {
    box == ArrayBox(whole: base.shape) ? base.contiguousBytes : nil
  }

  /// Reads a box of the box.
  ///
  /// - Throws: What the array throws.
  public func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    try base.read(range.moved(by: box.offset), into: &bytes)
  }
}

extension ArrayBox {
  /// The box further on; the result must fit in `Int`, as it does inside any array.
  package func moved(by distance: [Int]) -> ArrayBox {
    let offset = zip(offset, distance).map { $0 + $1 }
    return ArrayBox(offset: offset, shape: shape) ?? self
  }

  /// The box as seen from a place before it.
  package func relative(to origin: [Int]) -> ArrayBox {
    let offset = zip(offset, origin).map { $0 - $1 }
    return ArrayBox(offset: offset, shape: shape) ?? self
  }
}
