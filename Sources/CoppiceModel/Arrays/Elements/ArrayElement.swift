/// A Swift type whose values are the elements of arrays of one element type, bit for bit.
///
/// The standard library's numbers and `Bool` are; a type of one's own may be, such as a wrapper of
/// `UInt16` for `bfloat16`. Its size must be the width of the element type, without padding.
public protocol ArrayElement: BitwiseCopyable, Sendable, NestedElements {
  /// The element type of arrays of these values.
  static var dtype: DType { get }
}

extension ArrayElement {
  /// The layout of elements in an array: as they are.
  public static var nesting: ElementNesting<Self> { ElementNesting() }
}

extension Bool: ArrayElement {
  /// The element type `bool`.
  public static var dtype: DType { .bool }
}

extension Int8: ArrayElement {
  /// The element type `int8`.
  public static var dtype: DType { .int8 }
}

extension Int16: ArrayElement {
  /// The element type `int16`.
  public static var dtype: DType { .int16 }
}

extension Int32: ArrayElement {
  /// The element type `int32`.
  public static var dtype: DType { .int32 }
}

extension Int64: ArrayElement {
  /// The element type `int64`.
  public static var dtype: DType { .int64 }
}

extension Int: ArrayElement {
  /// The element type `int64`: only 64-bit systems are supported.
  public static var dtype: DType { .int64 }
}

extension UInt8: ArrayElement {
  /// The element type `uint8`.
  public static var dtype: DType { .uint8 }
}

extension UInt16: ArrayElement {
  /// The element type `uint16`.
  public static var dtype: DType { .uint16 }
}

extension UInt32: ArrayElement {
  /// The element type `uint32`.
  public static var dtype: DType { .uint32 }
}

extension UInt64: ArrayElement {
  /// The element type `uint64`.
  public static var dtype: DType { .uint64 }
}

extension UInt: ArrayElement {
  /// The element type `uint64`: only 64-bit systems are supported.
  public static var dtype: DType { .uint64 }
}

extension Float: ArrayElement {
  /// The element type `float32`.
  public static var dtype: DType { .float32 }
}

extension Double: ArrayElement {
  /// The element type `float64`.
  public static var dtype: DType { .float64 }
}

// Intel Macs have no Float16.
#if !(os(macOS) && arch(x86_64))
  extension Float16: ArrayElement {
    /// The element type `float16`.
    public static var dtype: DType { .float16 }
  }
#endif
