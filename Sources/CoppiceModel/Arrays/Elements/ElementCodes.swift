extension CoppiceError.Code {
  /// The elements of an array are of another type than was asked for.
  public static let modelElementType = Self(rawValue: "model.element-type")
  /// An array has another number of dimensions than was asked for.
  public static let modelRank = Self(rawValue: "model.rank")
  /// Rows that are to be an array differ in length.
  public static let modelRagged = Self(rawValue: "model.ragged")
  /// A box or an index lies outside of an array.
  public static let modelOutOfBounds = Self(rawValue: "model.out-of-bounds")
}
