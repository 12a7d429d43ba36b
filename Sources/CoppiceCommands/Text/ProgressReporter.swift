import Coppice
import Dispatch

/// A display of an operation's progress on a terminal.
final class ProgressReporter {
  private let timer: any DispatchSourceTimer

  init(_ monitor: OperationMonitor, title: String) {
    timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "coppice.progress"))
    timer.schedule(deadline: .now() + .milliseconds(300), repeating: .milliseconds(150))
    timer.setEventHandler {
      guard Terminal.isErrorInteractive else { return }
      Terminal.replaceLine(with: Self.line(monitor, title))
    }
    timer.activate()
  }

  /// Removes the progress line.
  func finish() {
    timer.cancel()
    Terminal.replaceLine()
  }

  private static func line(_ monitor: OperationMonitor, _ title: String) -> String {
    let done = monitor.byteCount
    let total = max(monitor.expectedByteCount, 1)
    let part = min(Double(done) / Double(total), 1)
    let filled = Int(part * 24)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
    return
      "\(title) \(bar) \(Int(part * 100)) %  \(ByteCount.text(done)) of \(ByteCount.text(total))"
  }
}
