import CoppiceModel
import Synchronization

/// What was odd yet tolerated goes to standard error, one line each, and no line twice.
enum Warnings {
  private static let printed = Mutex<Set<String>>([])

  static func print(_ warnings: [CoppiceError]) {
    for warning in warnings {
      let line = warning.description
      guard printed.withLock({ $0.insert(line).inserted }) else { continue }
      // The progress of an operation may stand there.
      Terminal.replaceLine()
      Terminal.printError("coppice: warning: \(line)\n")
    }
  }
}
