import CoppiceModel

/// Prints what is wrong beside what could be shown.
enum Faults {
  /// Prints each fault on a line of its own.
  ///
  /// - Throws: `status.no`, where there are any.
  static func end(with faults: [CoppiceError]) throws(CoppiceError) {
    for fault in faults { print(fault) }
    if !faults.isEmpty { throw ExitStatus.no }
  }

  /// Prints an error, for programs on standard output as well.
  static func print(_ error: CoppiceError, asJSON: Bool) {
    print(error)
    guard asJSON else { return }
    let json = JSON.object([.init("error", FaultDescription.error(error))])
    if let text = try? JSONText.encode(json) { try? Terminal.print(text) }
  }

  /// Prints an error, and each of those that it sums up.
  static func print(_ error: CoppiceError) {
    for fault in error.faults { Terminal.printError("coppice: \(fault.description)\n") }
  }
}
