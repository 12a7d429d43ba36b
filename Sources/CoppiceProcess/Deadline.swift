/// The moment at which waiting ends.
package struct Deadline {
  private let end: ContinuousClock.Instant

  /// Makes the moment that is some seconds from now.
  package init(seconds: Int) { end = .now + .seconds(min(seconds, 1 << 30)) }

  /// The milliseconds left, as `poll` takes them; 0 when the moment has passed.
  var millisecondsLeft: Int32 {
    let left = ContinuousClock.now.duration(to: end)
    guard left > .zero else { return 0 }
    let milliseconds = left.components.seconds.multipliedReportingOverflow(by: 1000)
    return milliseconds.overflow ? .max : Int32(clamping: milliseconds.partialValue &+ 1)
  }
}
