import Coppice
import Dispatch

/// A display of an operation's progress on a terminal.
final class ProgressReporter {
  private let timer: any DispatchSourceTimer

  init(_ monitor: OperationMonitor, title: String) {
    timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "coppice.progress"))
    timer.schedule(deadline: .now() + .milliseconds(300), repeating: .milliseconds(150))
    var meter = ProgressMeter(title: title)
    timer.setEventHandler {
      guard Terminal.isErrorInteractive, !Terminal.isQuiet else { return }
      meter.note(
        done: monitor.byteCount, of: monitor.expectedByteCount, at: ContinuousClock.now)
      Terminal.replaceLine(with: meter.line(width: Terminal.errorWidth))
    }
    timer.activate()
  }

  /// Removes the progress line.
  func finish() {
    timer.cancel()
    Terminal.replaceLine()
  }
}
