/// A box of an array, as an array of its own.
///
/// Each read is passed on to the array and reads only the box's bytes.
public struct BoxSource: ArraySource {
  private let base: any ArraySource
  private let box: ArrayBox

  /// Makes a view of a box of an array.
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

  private var isWhole: Bool { box == ArrayBox(whole: base.shape) }

  /// The array if it is in memory and the box covers all of it; otherwise `nil`.
  public var inMemory: NDArray? { isWhole ? base.inMemory : nil }

  /// The array's bytes if the box covers all of it; otherwise `nil`.
  public var contiguousBytes: (any ByteSource)? { isWhole ? base.contiguousBytes : nil }

  /// The array's block if the box covers all of it; otherwise `nil`.
  public var block: ArrayBlock? { isWhole ? base.block : nil }

  /// Reads a box, given relative to this box.
  ///
  /// - Throws: The errors of the array.
  public func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    try base.read(range.moved(by: box.offset), into: &bytes)
  }

  /// Reads a box, given relative to this box, and reports progress.
  ///
  /// - Throws: The errors of the array and of `tell`.
  public func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    try base.read(range.moved(by: box.offset), into: &bytes, tell: tell)
  }
}

extension ArrayBox {
  /// Returns the box shifted by a distance; the result must fit in `Int`, as it does inside any
  /// array.
  package func moved(by distance: [Int]) -> ArrayBox {
    let offset = zip(offset, distance).map { $0 + $1 }
    return ArrayBox(offset: offset, shape: shape) ?? self
  }

  /// Returns the box relative to an origin before it.
  package func relative(to origin: [Int]) -> ArrayBox {
    let offset = zip(offset, origin).map { $0 - $1 }
    return ArrayBox(offset: offset, shape: shape) ?? self
  }
}
