import Coppice

/// The progress of an operation, its present speed, and the time that it still takes.
struct ProgressMeter {
  private let title: String
  private var done = 0
  private var total = 0
  /// The amounts of the last seconds, oldest first.
  private var samples: [(time: ContinuousClock.Instant, done: Int)]

  /// The time over which the speed is measured.
  private static let window = Duration.seconds(5)

  init(title: String, at start: ContinuousClock.Instant = .now) {
    self.title = title
    samples = [(start, 0)]
  }

  /// Notes how much is done.
  mutating func note(done: Int, of total: Int, at time: ContinuousClock.Instant) {
    self.done = done
    self.total = total
    samples.append((time, done))
    // The last sample before the window stays, so that the window is full.
    while samples.count > 2, time - samples[1].time >= Self.window { samples.removeFirst() }
  }

  /// The speed in bytes a second.
  var speed: Double {
    guard let first = samples.first, let last = samples.last, last.time > first.time else {
      return 0
    }
    return Double(last.done - first.done) / WorkRate.seconds(last.time - first.time)
  }

  /// The time until all is done; `nil` while nothing is known.
  var timeLeft: Duration? {
    let speed = speed
    guard speed > 0, total >= done, total > 0 else { return nil }
    return .seconds(Double(total - done) / speed)
  }

  /// Returns the line, which leaves the last column of the terminal free.
  func line(width: Int) -> String {
    let room = max(width - 1, 10)
    var facts: [String] = []
    if total > 0 {
      facts.append("\(Int(min(Double(done) / Double(total), 1) * 100)) %")
      facts.append("\(ByteCount.text(done)) of \(ByteCount.text(total))")
    } else {
      facts.append(ByteCount.text(done))
    }
    if speed > 0 { facts.append(WorkRate.speed(speed)) }
    if let timeLeft { facts.append(WorkRate.clock(timeLeft) + " left") }
    let text = facts.joined(separator: "  ")
    let bar = min(24, room - title.count - text.count - 2)
    let line = bar >= 4 && total > 0 ? "\(title) \(self.bar(bar)) \(text)" : "\(title) \(text)"
    return String(line.prefix(room))
  }

  private func bar(_ width: Int) -> String {
    let filled = Int(min(Double(done) / Double(total), 1) * Double(width))
    return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
  }
}
