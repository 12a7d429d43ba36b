import Coppice
import Synchronization

/// Output of warnings on standard error, one line each; repeated warnings are printed once.
enum Warnings {
  private static let printed = Mutex<Set<String>>([])

  static func print(_ warnings: [CoppiceError]) {
    for warning in warnings {
      let line = warning.inToolWords.description
      guard printed.withLock({ $0.insert(line).inserted }) else { continue }
      Terminal.printMessage(.warning, line)
    }
  }
}
