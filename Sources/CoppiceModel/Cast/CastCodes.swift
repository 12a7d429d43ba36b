extension CoppiceError.Code {
  /// A value can't be expressed exactly in the type asked for.
  public static let castInexact = Self(rawValue: "cast.inexact")
  /// An element's bytes mean nothing in its own type: unused bits are set.
  public static let castInvalidElement = Self(rawValue: "cast.invalid-element")
}
