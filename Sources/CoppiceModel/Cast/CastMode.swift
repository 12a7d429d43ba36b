/// The changes of values that a cast allows.
public enum CastMode: String, CaseIterable, Hashable, Sendable {
  /// No change: every element keeps its value, including the sign of a zero.
  case exact

  /// Rounding to the nearest value, ties to even, within one kind of number.
  ///
  /// A value beyond the target's range is an error. Integers become floating-point numbers if these
  /// hold them exactly. Casts from floating-point numbers to integers and from complex to real
  /// numbers are refused.
  case rounding

  /// The results of NumPy's `astype` with the dtypes of ml_dtypes: wrapped, truncated, saturated.
  case lossy
}
