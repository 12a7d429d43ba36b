/// The memory of an array, filled once and never changed while it is shared.
///
/// An array has a block of memory of its own. Small arrays that were loaded together share a larger
/// block, which is freed when the last of them is released.
@safe public final class ArrayStorage: @unchecked Sendable {
  // Unchecked: the bytes are written only while no other thread can see them: inside the
  // initialiser's closure, and by an array that holds the only reference.
  private let base: UnsafeMutableRawPointer
  private let memory: ArrayMemory

  /// The number of bytes.
  public let byteCount: Int

  /// The alignment of every block in bytes.
  package static let alignment = ArrayMemory.alignment

  /// Allocates a block and passes it to the caller to fill.
  ///
  /// - Throws: The errors of `fill`; `limit.memory` when the system has no memory for the block.
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

  /// Allocates a block with a copy of bytes; small blocks are not zeroed first.
  package init(copying bytes: RawSpan) throws(CoppiceError) {
    memory = try ArrayMemory(byteCount: bytes.byteCount)
    byteCount = bytes.byteCount
    unsafe base = memory.base
    memory.withUniqueBytes { $0.copy(from: bytes, at: 0) }
  }

  /// Makes a storage of a range of a filled block that no other storage uses.
  package init(_ part: Range<Int>, of memory: ArrayMemory) {
    precondition(
      part.lowerBound >= 0 && part.upperBound <= memory.byteCount
        && part.lowerBound % Self.alignment == 0, "the part must lie in its block, aligned")
    self.memory = memory
    byteCount = part.count
    unsafe base = memory.base + part.lowerBound
  }

  /// Passes the bytes to a closure.
  public func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: byteCount))
  }

  /// Passes the bytes to a closure that changes them; the caller holds the only reference.
  func withUniqueBytes<Result, Failure: Error>(
    _ body: (inout MutableRawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = unsafe MutableRawSpan(_unsafeStart: base, byteCount: byteCount)
    return try body(&span)
  }
}
