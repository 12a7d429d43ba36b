import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import Synchronization
import SystemPackage
import Testing

/// An array of float32 of stated values.
func floats(_ values: [Float], _ dimensions: [Int]? = nil) throws -> NDArray {
  let shape = try #require(Shape(dimensions ?? [values.count]))
  return try NDArray(values, shape: shape)
}

/// 0, 1, 2… as float32.
func counting(_ dimensions: Int...) throws -> NDArray {
  let count = dimensions.reduce(1, *)
  return try floats((0..<count).map(Float.init), dimensions)
}

/// An array of little-endian integers.
func integers(_ dtype: DType, _ values: [Int], _ dimensions: [Int]? = nil) throws -> NDArray {
  let shape = try #require(Shape(dimensions ?? [values.count]))
  let bytes = values.flatMap { value in
    (0..<dtype.width).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
  return try NDArray(dtype: dtype, shape: shape, bytes: bytes)
}

extension NDArray {
  /// The elements of an array of float32.
  var floats: [Float] {
    withBytes { bytes in
      stride(from: 0, to: bytes.byteCount, by: 4).map {
        Float(bitPattern: bytes.unsafeLoadUnaligned(fromByteOffset: $0, as: UInt32.self))
      }
    }
  }
}

func shape(_ dimensions: Int...) -> Shape { Shape(dimensions)! }

func box(_ offset: [Int], _ extents: [Int]) -> ArrayBox {
  ArrayBox(offset: offset, shape: Shape(extents)!)!
}

extension Tree where Leaf == NDArray {
  /// The tree as a reader gives it.
  var saved: Tree<ArrayLeaf> { mapLeaves { _, array in ArrayLeaf(array) } }

  /// The values of the float32 leaf at a path of keys.
  func floats(_ keys: TreeKey...) -> [Float]? {
    guard case .leaf(let array)? = self[TreePath(keys.map { .key($0) })] else { return nil }
    return array.floats
  }
}

/// A source that counts what is read of it.
final class CountedSource: ArraySource {
  let base: NDArray
  private let bytesRead = Mutex(0)

  /// The bytes read so far.
  var count: Int { bytesRead.withLock { $0 } }

  init(_ base: NDArray) { self.base = base }

  var dtype: DType { base.dtype }
  var shape: Shape { base.shape }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    let count = bytes.byteCount
    bytesRead.withLock { $0 += count }
    try base.read(range, into: &bytes)
  }
}

/// The error that a closure throws.
func failure(_ body: () throws -> Void) -> CoppiceError? {
  do {
    try body()
    return nil
  } catch {
    return error as? CoppiceError
  }
}

/// Paths as text.
func texts(_ paths: [TreePath]) -> [String] { paths.map(\.description) }
