import Coppice

/// The time that some work took, and its speed, as text for people.
enum WorkRate {
  /// Returns `1.5 GiB in 2.04 s, 752.9 MiB/s`.
  static func text(of bytes: Int, in duration: Duration) -> String {
    let time = "\(ByteCount.text(bytes)) in \(text(of: duration))"
    guard bytes > 0, duration > .zero else { return time }
    return time + ", " + speed(Double(bytes) / seconds(duration))
  }

  /// Returns a speed in bytes a second as text: `752.9 MiB/s`.
  static func speed(_ bytesPerSecond: Double) -> String {
    ByteCount.text(Int(min(bytesPerSecond, 9e15))) + "/s"
  }

  static func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }

  /// Returns a time: seconds with two digits after the point below ten, and from a minute on
  /// minutes.
  static func text(of duration: Duration) -> String {
    let seconds = seconds(duration)
    if seconds >= 60 { return clock(duration) + " min" }
    let hundredths = Int((seconds * 100).rounded())
    if hundredths >= 1000 {
      let tenths = (hundredths + 5) / 10
      return "\(tenths / 10).\(tenths % 10) s"
    }
    let digits = hundredths % 100
    return "\(hundredths / 100).\(digits < 10 ? "0" : "")\(digits) s"
  }

  /// Returns a time as on a clock: `2:05`, or `1:00:07` from an hour on.
  static func clock(_ duration: Duration) -> String {
    let seconds = Int(seconds(duration).rounded())
    func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
    let (minutes, rest) = seconds.quotientAndRemainder(dividingBy: 60)
    guard minutes >= 60 else { return "\(minutes):\(two(rest))" }
    return "\(minutes / 60):\(two(minutes % 60)):\(two(rest))"
  }
}
