import Coppice

/// Output of faults on standard error.
enum Faults {
  /// Prints each fault on a line of its own and ends the command if there are any.
  ///
  /// - Throws: `status.no` if there are faults.
  static func end(with faults: [CoppiceError]) throws(CoppiceError) {
    for fault in faults { print(fault) }
    if !faults.isEmpty { throw ExitStatus.no }
  }

  /// Prints an error, and for programs also as JSON on standard output.
  static func print(_ error: CoppiceError, asJSON: Bool) {
    print(error)
    guard asJSON else { return }
    let json = JSON.object([.init("error", FaultDescription.error(error))])
    try? Terminal.print(JSONText.encode(json))
  }

  /// Prints an error, or each fault that it summarises.
  static func print(_ error: CoppiceError) {
    for fault in error.inToolWords.faults { Terminal.printMessage(.error, fault.description) }
  }
}
