#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A moment in nanoseconds since 1970.
public struct Timestamp: Hashable, Sendable {
  /// Nanoseconds since the beginning of 1970, UTC, without leap seconds.
  public let nanoseconds: Int

  /// Makes a moment of nanoseconds since the beginning of 1970, UTC, without leap seconds.
  public init(nanoseconds: Int) { self.nanoseconds = nanoseconds }

  /// The present moment, by the system's clock.
  public static var now: Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(nanoseconds: time.tv_sec * 1_000_000_000 + time.tv_nsec)
  }
}

extension Timestamp: Comparable {
  /// Tells whether a moment comes before another.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// Returns the moment a duration later, or the first or last one possible, in 1677 and in 2262.
  ///
  /// Fractions of a nanosecond are left out.
  public static func + (moment: Timestamp, duration: Duration) -> Timestamp {
    Timestamp(clamping: Int128(moment.nanoseconds) + duration.attoseconds / 1_000_000_000)
  }

  /// Returns the moment a duration earlier, or the first or last one possible, in 1677 and in 2262.
  ///
  /// Fractions of a nanosecond are left out.
  public static func - (moment: Timestamp, duration: Duration) -> Timestamp {
    Timestamp(clamping: Int128(moment.nanoseconds) - duration.attoseconds / 1_000_000_000)
  }

  /// Returns the exact time from the second moment to the first; negative when that is the earlier.
  public static func - (end: Timestamp, start: Timestamp) -> Duration {
    .nanoseconds(end.nanoseconds) - .nanoseconds(start.nanoseconds)
  }

  private init(clamping nanoseconds: Int128) { self.nanoseconds = Int(clamping: nanoseconds) }
}
