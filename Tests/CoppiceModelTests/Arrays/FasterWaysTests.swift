import CoppiceModel
import Synchronization
import Testing

/// Views that don't change an array's bytes keep the faster ways to them.
struct FasterWaysTests {
  private let array: NDArray

  init() throws {
    array = try NDArray(dtype: .int16, shape: [2, 3], bytes: Array(0..<12))
  }

  @Test func viewsOfTheSameBytesStayInMemory() throws {
    let views: [any ArraySource] = [
      try BoxSource(array, box: ArrayBox(whole: array.shape)),
      try ResizingSource(array, to: array.shape),
      try CastingSource(array, to: .int16),
      try #require(ReinterpretedSource(array, dtype: .uint16, shape: [2, 3])),
      try #require(ReinterpretedSource(array, dtype: .uint8, shape: [2, 3, 2])),
      ByteSwappedSource(ByteSwappedSource(array)),
    ]
    for view in views.dropLast() {
      let found = try #require(view.inMemory)
      #expect(found.dtype == view.dtype && found.shape == view.shape)
      #expect(address(found) == address(array))
      #expect(view.contiguousBytes?.byteCount == 12)
    }
    // Elements that are made anew aren't in memory.
    #expect(views.last?.inMemory == nil && views.last?.contiguousBytes == nil)
  }

  @Test func viewsOfOtherBytesDoNot() throws {
    let box = try #require(ArrayBox(offset: [0, 1], shape: [2, 2]))
    let views: [any ArraySource] = [
      try BoxSource(array, box: box), try ResizingSource(array, to: [2, 4]),
      try CastingSource(array, to: .int32), ByteSwappedSource(array), CheckedSource(array),
    ]
    for view in views {
      #expect(view.inMemory == nil && view.contiguousBytes == nil && view.block == nil)
    }
    #expect(bytes(try views[0].load()) == [2, 3, 4, 5, 8, 9, 10, 11])
    #expect(bytes(try views[3].load()) == [1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10])
  }

  /// The progress of a read adds up to the bytes of the box, whatever the source.
  @Test func progressAddsUp() throws {
    let box = try #require(ArrayBox(offset: [1, 0], shape: [1, 3]))
    let sources: [any ArraySource] = [
      array, try CastingSource(array, to: .float64),
      try #require(ReinterpretedSource(array, dtype: .uint16, shape: [2, 3])),
      try BoxSource(array, box: ArrayBox(whole: array.shape)),
    ]
    for source in sources {
      let told = Mutex(0)
      var bytes = [UInt8](repeating: 0, count: 3 * source.dtype.width)
      var span = bytes.mutableSpan
      var target = span.mutableBytes
      try source.read(box, into: &target) { (count) throws(CoppiceError) in
        told.withLock { $0 += count }
      }
      #expect(told.withLock { $0 } == 3 * source.dtype.width)
    }
  }

  private func address(_ array: NDArray) -> UnsafeRawPointer? {
    array.withBytes { $0.withUnsafeBytes { $0.baseAddress } }
  }

  private func bytes(_ array: NDArray) -> [UInt8] {
    array.withBytes { $0.withUnsafeBytes { Array($0) } }
  }
}
