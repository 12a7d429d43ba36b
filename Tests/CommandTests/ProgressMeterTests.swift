import Testing

@testable import CoppiceCommands

/// The line of progress: what is done, how fast, how long it still takes, within the terminal's width.
struct ProgressMeterTests {
  private static let mebibyte = 1 << 20

  /// A hundred MiB in ten seconds, of a thousand.
  private func meter(total: Int = 1000 * mebibyte) -> ProgressMeter {
    let start = ContinuousClock.now
    var meter = ProgressMeter(title: "checking", at: start)
    for second in 1...10 {
      meter.note(
        done: second * 10 * Self.mebibyte, of: total, at: start + .seconds(second))
    }
    return meter
  }

  @Test func speedAndTimeLeft() throws {
    #expect(abs(meter().speed - Double(10 * Self.mebibyte)) < 1)
    let left = try #require(meter().timeLeft)
    #expect(abs(left / .seconds(1) - 90) < 0.01)
    #expect(
      meter().line(width: 100)
        == "checking ██░░░░░░░░░░░░░░░░░░░░░░ 10 %  100.0 MiB of 1000.0 MiB  10.0 MiB/s  1:30 left")
  }

  @Test(arguments: [20, 40, 60, 72, 80, 200]) func aLineFits(_ width: Int) {
    #expect(meter().line(width: width).count < width)
  }

  @Test func atSixtyColumnsAllNumbersAreThere() {
    let line = meter().line(width: 60)
    for fact in ["checking", "10 %", "100.0 MiB", "10.0 MiB/s"] { #expect(line.contains(fact)) }
  }

  @Test func anUnknownTotalHasNoBar() {
    #expect(meter(total: 0).line(width: 80) == "checking 100.0 MiB  10.0 MiB/s")
    #expect(meter(total: 0).timeLeft == nil)
  }

  /// Only the last seconds count: a pause shows.
  @Test func theSpeedIsThePresentOne() {
    let start = ContinuousClock.now
    var meter = ProgressMeter(title: "x", at: start)
    for second in 1...30 {
      meter.note(
        done: min(second, 10) * Self.mebibyte, of: 100 * Self.mebibyte, at: start + .seconds(second)
      )
    }
    #expect(meter.speed == 0)
    #expect(meter.timeLeft == nil)
  }

  @Test(arguments: [
    (0.0, "0.00 s"), (0.256, "0.26 s"), (9.994, "9.99 s"), (12.34, "12.3 s"), (59.94, "59.9 s"),
    (61.0, "1:01 min"), (3725.0, "1:02:05 min"),
  ]) func times(_ seconds: Double, _ text: String) {
    #expect(WorkRate.text(of: .seconds(seconds)) == text)
  }
}
