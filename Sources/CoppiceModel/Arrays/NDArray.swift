/// An array of numbers over shared storage, in C order.
///
/// A value: copying it shares the storage, and changing one copy leaves the others as they are. There
/// is no mathematics here: only shape, type and bytes.
public struct NDArray: Sendable {
  /// The element type.
  public let dtype: DType

  /// The extents.
  public let shape: Shape

  /// The bytes: `shape.elementCount * dtype.width` of them, little-endian.
  public internal(set) var storage: ArrayStorage

  /// Makes an array and lets the caller fill its bytes in C order.
  ///
  /// - Throws: `limit.memory` when the array is larger than memory; what `fill` throws.
  public init(
    dtype: DType, shape: Shape,
    filledBy fill: (inout MutableRawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard let byteCount = shape.byteCount(of: dtype) else {
      throw .outOfMemory(byteCount: .max)
    }
    self.dtype = dtype
    self.shape = shape
    self.storage = try ArrayStorage(byteCount: byteCount, filledBy: fill)
  }

  /// Makes an array of bytes already in C order, as many as it has.
  package init(dtype: DType, shape: Shape, copying bytes: RawSpan) throws(CoppiceError) {
    precondition(bytes.byteCount == shape.byteCount(of: dtype), "the bytes must be the array's")
    self.init(dtype: dtype, shape: shape, storage: try ArrayStorage(copying: bytes))
  }

  /// Makes an array of a part of filled memory that no other array has, as many bytes as it takes.
  package init(dtype: DType, shape: Shape, part: Range<Int>, of memory: ArrayMemory) {
    precondition(part.count == shape.byteCount(of: dtype), "the bytes must be the array's")
    self.init(dtype: dtype, shape: shape, storage: ArrayStorage(part, of: memory))
  }

  /// Makes an array over storage that has exactly its bytes.
  init(dtype: DType, shape: Shape, storage: ArrayStorage) {
    self.dtype = dtype
    self.shape = shape
    self.storage = storage
  }

  /// Makes an array of bytes already in C order.
  ///
  /// - Throws: `model.byte-count` when the number of bytes isn't that of the shape and type.
  public init(dtype: DType, shape: Shape, bytes: [UInt8]) throws(CoppiceError) {
    guard bytes.count == shape.byteCount(of: dtype) else {
      throw CoppiceError(
        .modelByteCount,
        "an array of \(dtype) \(shape) has \(shape.byteCount(of: dtype) ?? .max) bytes, "
          + "but \(bytes.count) were given")
    }
    try self.init(dtype: dtype, shape: shape) { (target: inout MutableRawSpan) in
      target.copy(from: unsafe bytes.span.bytes, at: 0)
    }
  }

  /// Returns the same bytes as an array of another dtype and shape; `nil` if it has another size.
  func viewed(as dtype: DType, _ shape: Shape) -> NDArray? {
    guard shape.byteCount(of: dtype) == byteCount else { return nil }
    return NDArray(dtype: dtype, shape: shape, storage: storage)
  }

  /// The number of bytes.
  public var byteCount: Int { storage.byteCount }

  /// Lends the bytes, in C order, to a closure.
  public func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try storage.withBytes(body)
  }
}
