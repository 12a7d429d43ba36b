/// An element, or Swift arrays of elements nested to any depth, such as `[[Float]]`.
///
/// Don't conform types to it: conform the element to `ArrayElement`.
public protocol NestedElements {
  /// The layout of the values in an array.
  static var nesting: ElementNesting<Self> { get }
}

/// The conversion of an element, or of a nesting of Swift arrays of them, to an array's bytes and back.
public struct ElementNesting<Value> {
  /// The type of the elements.
  package let dtype: DType
  /// The depth of nesting: 0 for an element itself.
  package let rank: Int
  /// The extents of a value; `nil` where rows are of different lengths.
  package let extents: (Value) -> [Int]?
  /// Writes a value's elements at an offset, in C order.
  let copy: (Value, inout MutableRawSpan, Int) -> Void
  /// Makes a value of exactly as many bytes as its extents ask for.
  let make: (RawSpan, ArraySlice<Int>) -> Value
}

extension ElementNesting where Value: ArrayElement {
  /// An element itself.
  init() {
    precondition(
      MemoryLayout<Value>.stride == Value.dtype.width
        && MemoryLayout<Value>.size == Value.dtype.width,
      "an element must take as many bytes as its element type")
    dtype = Value.dtype
    rank = 0
    extents = { _ in [] }
    copy = { value, target, offset in
      unsafe target.withUnsafeMutableBytes { bytes in
        unsafe bytes.storeBytes(of: value, toByteOffset: offset, as: Value.self)
      }
    }
    make = { bytes, _ in unsafe bytes.unsafeLoadUnaligned(as: Value.self) }
  }
}

extension Array: NestedElements where Element: NestedElements {
  /// Rows of what the elements are: one dimension more, the slowest-varying.
  public static var nesting: ElementNesting<[Element]> {
    let inner = Element.nesting
    let width = inner.dtype.width
    return ElementNesting(
      dtype: inner.dtype, rank: inner.rank + 1,
      extents: { rows in
        guard inner.rank > 0 else { return [rows.count] }
        guard let first = rows.first else { return Array<Int>(repeating: 0, count: inner.rank + 1) }
        guard let extents = inner.extents(first),
          rows.dropFirst().allSatisfy({ inner.extents($0) == extents })
        else { return nil }
        return [rows.count] + extents
      },
      copy: { rows, target, offset in
        guard inner.rank > 0 else {
          return unsafe rows.withUnsafeBytes {
            target.copy(from: unsafe RawSpan(_unsafeBytes: $0), at: offset)
          }
        }
        guard let first = rows.first, let extents = inner.extents(first) else { return }
        let byteCount = extents.reduce(width, *)
        for (index, row) in rows.enumerated() {
          inner.copy(row, &target, offset + index * byteCount)
        }
      },
      make: { bytes, extents in
        let count = extents.first ?? 0
        guard inner.rank > 0 else { return unsafe Self(copying: bytes, count: count) }
        let rest = extents.dropFirst()
        let byteCount = rest.reduce(width, *)
        return (0..<count).map { index in
          inner.make(bytes.extracting((index * byteCount)..<((index + 1) * byteCount)), rest)
        }
      })
  }

  /// Copies elements in one go; they are plain bytes.
  @unsafe private init(copying bytes: RawSpan, count: Int) {
    unsafe self.init(unsafeUninitializedCapacity: count) { buffer, initialized in
      unsafe bytes.withUnsafeBytes { from in
        unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: from)
      }
      initialized = count
    }
  }
}
