import Coppice
import Synchronization

/// Output of warnings and notes on standard error, one line each; repeated warnings are printed once.
enum Warnings {
  private static let printed = Mutex<Set<String>>([])

  static func print(_ warnings: [CoppiceError]) {
    for warning in warnings {
      let line = warning.inToolWords.description
      guard printed.withLock({ $0.insert(line).inserted }) else { continue }
      // Removes a progress line that may be there.
      Terminal.replaceLine()
      Terminal.printError("coppice: warning: \(line)\n")
    }
  }

  static func print(_ notes: [ConversionNote]) {
    for note in notes { Terminal.printError("coppice: note: \(note.description)\n") }
  }
}
