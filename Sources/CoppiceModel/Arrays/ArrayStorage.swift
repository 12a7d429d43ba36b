/// The memory behind arrays: filled once, and never changed while it is shared.
///
/// An array's bytes are a block of memory of its own or, for small arrays that were loaded together,
/// a part of a larger one, which is given back when the last of them goes.
@safe public final class ArrayStorage: @unchecked Sendable {
  // Unchecked: the bytes are written only where nobody else can see them: inside the initialiser's
  // closure, and by an array that holds the only reference.
  private let base: UnsafeMutableRawPointer
  private let memory: ArrayMemory

  /// The number of bytes.
  public let byteCount: Int

  /// Every block begins at a multiple of this many bytes.
  package static let alignment = ArrayMemory.alignment

  /// Makes a block and lets the caller fill it.
  ///
  /// - Throws: What `fill` throws, or `limit.memory` when the system has no memory for the block.
  public init(
    byteCount: Int, filledBy fill: (inout MutableRawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    memory = try ArrayMemory(byteCount: byteCount)
    self.byteCount = byteCount
    unsafe base = memory.base
    if !memory.isZeroed {
      unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    }
    try memory.withUniqueBytes(fill)
  }

  /// Makes a block with a copy of bytes; small ones are not set to zeros first.
  package init(copying bytes: RawSpan) throws(CoppiceError) {
    memory = try ArrayMemory(byteCount: bytes.byteCount)
    byteCount = bytes.byteCount
    unsafe base = memory.base
    memory.withUniqueBytes { $0.copy(from: bytes, at: 0) }
  }

  /// Makes a storage of a part of a block that is filled already; no other storage may have it.
  package init(_ part: Range<Int>, of memory: ArrayMemory) {
    precondition(
      part.lowerBound >= 0 && part.upperBound <= memory.byteCount
        && part.lowerBound % Self.alignment == 0, "the part must lie in its block, aligned")
    self.memory = memory
    byteCount = part.count
    unsafe base = memory.base + part.lowerBound
  }

  /// Lends the bytes to a closure.
  public func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: byteCount))
  }

  /// Lends the bytes to be changed; the caller holds the only reference.
  func withUniqueBytes<Result, Failure: Error>(
    _ body: (inout MutableRawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = unsafe MutableRawSpan(_unsafeStart: base, byteCount: byteCount)
    return try body(&span)
  }
}
