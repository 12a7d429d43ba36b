public import CoppiceModel

/// What is wanted of one leaf of a checkpoint.
///
/// A tree of abstract leaves says what a load gives: its containers are those of the result, and each
/// leaf says how it is to be loaded. In the place of a leaf a value may stand, such as `.value(.int(…))`:
/// it asks for a value of that kind, and what it holds doesn't matter.
public enum AbstractLeaf: Hashable, Sendable {
  /// Whatever is saved there, as it is: an array, a value, or a whole branch.
  case asSaved
  /// Nothing: what is saved there, be it a whole branch, isn't read; the result has `.value(.null)`.
  case placeholder
  /// An array, perhaps of another type or shape than the saved one, perhaps only a box of it.
  case array(AbstractArray)
}

extension AbstractLeaf {
  /// An array of a type; its shape is the saved one.
  public static func array(dtype: DType) -> Self { .array(AbstractArray(dtype: dtype)) }

  /// An array of a type and shape.
  public static func array(dtype: DType, shape: Shape) -> Self {
    .array(AbstractArray(dtype: dtype, shape: shape))
  }

  /// A box of an array, as it is saved.
  public static func box(_ box: ArrayBox) -> Self {
    .array(AbstractArray(part: .box(box)))
  }
}

/// An array as it is wanted: what is `nil` is as saved.
public struct AbstractArray: Hashable, Sendable {
  /// Which part of an array is wanted.
  public enum Part: Hashable, Sendable {
    /// All of it.
    case whole
    /// A box, which must lie inside the array.
    case box(ArrayBox)
    /// What one device of a mesh holds: the box that the sharding gives it.
    case device(Int, of: Sharding)
  }

  /// The element type that elements are cast to.
  public var dtype: DType?

  /// The extents of the whole array; others than the saved ones need `TreeLoadOptions.resizing`.
  public var shape: Shape?

  /// The part of the array of that shape that is loaded, and the only one that is read.
  public var part: Part

  /// Makes an abstract array.
  public init(dtype: DType? = nil, shape: Shape? = nil, part: Part = .whole) {
    self.dtype = dtype
    self.shape = shape
    self.part = part
  }
}
