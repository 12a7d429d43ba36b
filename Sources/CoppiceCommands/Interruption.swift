import CoppiceFiles
import CoppiceModel
import CoppiceProcess
import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Hears the signals that ask a command to end, and ends it within a second.
///
/// Ctrl-C and a polite kill cancel the operation and end the child processes that it waits for. The
/// operation cleans up and fails with `operation.cancelled`. One that doesn't notice is ended here, and
/// its unfinished files are deleted.
final class Interruption {
  private let queue = DispatchQueue(label: "coppice.interruption")
  private let signals: [any DispatchSourceSignal]
  private let timer: any DispatchSourceTimer

  /// The milliseconds that an operation has to notice.
  private static let patience = 600

  init(of monitor: OperationMonitor) {
    let timer = DispatchSource.makeTimerSource(queue: queue)
    timer.setEventHandler {
      guard UnfinishedFiles.abandon() else { return }
      Terminal.replaceLine()
      Terminal.printError("coppice: \(CoppiceError.cancelled.description)\n")
      _exit(2)
    }
    signals = [SIGINT, SIGTERM, SIGHUP].map { [queue] number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        guard !monitor.isCancelled else { return }
        monitor.cancel()
        UnfinishedFiles.refuseMore()
        ChildProcess.endAll()
        timer.schedule(
          deadline: .now() + .milliseconds(Self.patience), repeating: .milliseconds(50))
      }
      source.activate()
      return source
    }
    // Not before a signal.
    timer.schedule(deadline: .distantFuture)
    timer.activate()
    self.timer = timer
  }

  /// Leaves the end to the command, which has its result or its error.
  func finish() {
    queue.sync {
      timer.cancel()
      for source in signals { source.cancel() }
    }
  }
}
