import CoppiceModel
import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Shows on a terminal how far an operation is, and stops it when the user asks.
///
/// Ctrl-C and a polite kill cancel the operation, which cleans up and fails with
/// `operation.cancelled`.
final class ProgressReporter {
  private let timer: any DispatchSourceTimer
  private let signals: [any DispatchSourceSignal]
  private let isShown: Bool

  init(_ monitor: OperationMonitor, title: String) {
    let queue = DispatchQueue(label: "coppice.progress")
    isShown = Terminal.isErrorInteractive
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now() + .milliseconds(300), repeating: .milliseconds(150))
    let isShown = isShown
    timer.setEventHandler {
      guard isShown else { return }
      Terminal.printError("\r\u{1B}[K" + Self.line(monitor, title))
    }
    signals = [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { monitor.cancel() }
      source.activate()
      return source
    }
    timer.activate()
  }

  /// Takes the line away.
  func finish() {
    timer.cancel()
    for source in signals { source.cancel() }
    if isShown { Terminal.printError("\r\u{1B}[K") }
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
