extension CoppiceError.Code {
  /// A value that the target dtype can't represent exactly.
  public static let castInexact = Self(rawValue: "cast.inexact")
  /// An element with unused bits set, which has no meaning in its own dtype.
  public static let castInvalidElement = Self(rawValue: "cast.invalid-element")
}
