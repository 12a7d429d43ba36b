extension Duration {
  /// The whole nanoseconds; the nearest possible number for durations of more than 292 years.
  package var nanoseconds: Int { Int(clamping: attoseconds / 1_000_000_000) }
}
