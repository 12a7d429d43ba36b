public import CoppiceModel

/// The request for one leaf of a checkpoint.
///
/// A tree of abstract leaves describes the result of a load: the result has the same containers,
/// and each leaf states how it is loaded. A value in the place of a leaf, such as
/// `.value(.int(…))`, requests a value of that kind; the number or text in it is ignored.
public enum AbstractLeaf: Hashable, Sendable {
  /// The saved array, value or whole branch, unchanged.
  case asSaved
  /// Nothing: the saved array, value or whole branch isn't read, and the result has
  /// `.value(.null)`.
  case placeholder
  /// An array, which may have another type or shape than the saved one, or be only a box of it.
  case array(AbstractArray)
}

extension AbstractLeaf {
  /// Requests an array of a type, with the saved shape.
  public static func array(dtype: DType) -> Self { .array(AbstractArray(dtype: dtype)) }

  /// Requests an array of a type and shape.
  public static func array(dtype: DType, shape: Shape) -> Self {
    .array(AbstractArray(dtype: dtype, shape: shape))
  }

  /// Requests a box of an array, with the saved type and shape.
  public static func box(_ box: ArrayBox) -> Self {
    .array(AbstractArray(region: .box(box)))
  }
}

extension Tree where Leaf == AbstractLeaf {
  /// Requests whatever is saved, in a literal: `["w": .array(dtype: .float16), "step": .asSaved]`.
  public static var asSaved: Tree { .leaf(.asSaved) }

  /// Requests nothing, in a literal: the result has `.value(.null)` in its place.
  public static var placeholder: Tree { .leaf(.placeholder) }

  /// Requests an array, in a literal; what isn't given is as saved.
  public static func array(
    dtype: DType? = nil, shape: Shape? = nil, region: AbstractArray.Region = .whole
  ) -> Tree {
    .leaf(.array(AbstractArray(dtype: dtype, shape: shape, region: region)))
  }

  /// Requests a box of an array, in a literal.
  public static func box(_ box: ArrayBox) -> Tree { .leaf(.box(box)) }
}

/// The request for an array; a property that is `nil` leaves the array as saved.
public struct AbstractArray: Hashable, Sendable {
  /// The region of an array that is loaded.
  public enum Region: Hashable, Sendable {
    /// The whole array.
    case whole
    /// A box, which must lie inside the array.
    case box(ArrayBox)
    /// The box that a sharding gives to one device of its mesh.
    case device(Int, of: Sharding)
  }

  /// The element type that elements are cast to.
  public var dtype: DType?

  /// The extents of the whole array; extents other than the saved ones need
  /// `TreeLoadOptions.resizing`.
  public var shape: Shape?

  /// The region of an array of that shape that is loaded; no other is read.
  public var region: Region

  /// Creates a request for an array.
  public init(dtype: DType? = nil, shape: Shape? = nil, region: Region = .whole) {
    self.dtype = dtype
    self.shape = shape
    self.region = region
  }
}
