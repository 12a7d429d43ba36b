/// How much a cast may change values.
public enum CastMode: String, CaseIterable, Hashable, Sendable {
  /// Every element keeps its value, whatever the two types; the sign of a zero is part of it.
  case exact

  /// Within one kind of number, to the nearest value, ties to even.
  ///
  /// A value beyond the target's range is an error. Integers become floating-point numbers where
  /// these can hold them exactly; the ways back, and from complex to real, are closed.
  case rounding

  /// What NumPy's `astype` gives, with the types of ml_dtypes: wrapped, truncated, saturated.
  case lossy
}
