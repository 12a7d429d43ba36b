extension Duration {
  /// The whole nanoseconds; the nearest possible number for durations of more than 292 years.
  var nanoseconds: Int {
    let (seconds, attoseconds) = components
    let (whole, overflows) = Int(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carries) = whole.addingReportingOverflow(Int(attoseconds / 1_000_000_000))
    return overflows || carries ? (seconds < 0 ? .min : .max) : sum
  }

  /// The nanoseconds from one moment to another, as far as they can be told.
  static func nanoseconds(from start: Int, to end: Int) -> Int {
    let (difference, overflows) = end.subtractingReportingOverflow(start)
    return overflows ? (end < start ? .min : .max) : difference
  }
}
