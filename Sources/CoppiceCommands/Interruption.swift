import Coppice
import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The handling of signals that ask a command to end, which takes less than a second.
///
/// SIGINT, SIGTERM and SIGHUP cancel the operation and end its child processes. The operation
/// cleans up and fails with `operation.cancelled`. If it doesn't react in time, this class deletes
/// the unfinished files and exits.
final class Interruption {
  private let queue = DispatchQueue(label: "coppice.interruption")
  private let signals: [any DispatchSourceSignal]
  private let timer: any DispatchSourceTimer

  /// The milliseconds that an operation has to react.
  private static let patience = 600

  init(of monitor: OperationMonitor) {
    let timer = DispatchSource.makeTimerSource(queue: queue)
    timer.setEventHandler {
      guard UnfinishedWork.abandon() else { return }
      Terminal.printMessage(.error, CoppiceError.cancelled.description)
      _exit(2)
    }
    signals = [SIGINT, SIGTERM, SIGHUP].map { [queue] number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        guard !monitor.isCancelled else { return }
        monitor.cancel()
        UnfinishedWork.refuseMore()
        timer.schedule(
          deadline: .now() + .milliseconds(Self.patience), repeating: .milliseconds(50))
      }
      source.activate()
      return source
    }
    // The timer stays idle until a signal arrives.
    timer.schedule(deadline: .distantFuture)
    timer.activate()
    self.timer = timer
  }

  /// Stops the handling of signals; the command ends itself with its result or error.
  func finish() {
    queue.sync {
      timer.cancel()
      for source in signals { source.cancel() }
    }
  }
}
