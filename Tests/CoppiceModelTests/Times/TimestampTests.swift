import CoppiceModel
import Testing

/// MET-18.
struct TimestampTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00.000000000Z", 0),
    ("2026-11-21T01:02:03.123456789Z", 1_795_222_923_123_456_789),
    ("1969-12-31T23:59:59.999999999Z", -1),
    ("1678-01-01T00:00:00.000000000Z", -9_214_560_000_000_000_000),
    ("2261-12-31T23:59:59.999999999Z", 9_214_646_399_999_999_999),
  ])
  func isWrittenAndRead(_ text: String, _ nanoseconds: Int) {
    #expect(Timestamp(nanoseconds: nanoseconds).description == text)
    #expect(Timestamp(text)?.nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    "2026-11-21T01:02:03.123456789", "2026-11-21t01:02:03.123456789Z",
    "2026-11-21 01:02:03.123456789Z", "2026-11-21T24:00:00.000000000Z",
    "2026-11-21T01:60:00.000000000Z", "2025-02-29T00:00:00.000000000Z",
    "2026-00-01T00:00:00.000000000Z", "2262-01-01T00:00:00.000000000Z",
    "2026-11-21T01:02:03.12345678Z", "2026-11-21T01:02:03,123456789Z",
  ])
  func refusesAllElse(_ text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test func durationsLieBetween() throws {
    let first = try #require(Timestamp("2026-11-21T01:02:03.123456789Z"))
    let second = try #require(Timestamp("2026-11-22T01:02:03.123456790Z"))
    #expect(first < second)
    let day = Duration.seconds(86_400)
    let nanosecond = Duration.nanoseconds(1)
    #expect(second - first == day + nanosecond)
    #expect(first - second == Duration.zero - day - nanosecond)
    #expect(first + day + nanosecond == second)
    #expect(second - day == first + nanosecond)
  }

  @Test func timeEndsWhereItsNumbersDo() {
    let (first, last) = (Timestamp(nanoseconds: .min), Timestamp(nanoseconds: .max))
    // 2^64 − 1 nanoseconds.
    let (seconds, attoseconds) = (last - first).components
    #expect(seconds == 18_446_744_073 && attoseconds == 709_551_615_000_000_000)
    #expect(last + .nanoseconds(1) == last)
    #expect(first - .seconds(Int64.max) == first)
    #expect(last - .seconds(Int64.min) == last)
  }

  @Test func theClockRuns() {
    let now = Timestamp.now
    #expect(now > Timestamp(nanoseconds: 1_700_000_000_000_000_000))
    #expect(now <= .now)
  }
}
