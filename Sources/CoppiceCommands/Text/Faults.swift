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

  /// Prints the first faults of a list, each on a line of its own, and ends the command if there are
  /// any.
  ///
  /// - Throws: `status.no` if there are faults.
  static func end(with faults: FaultList) throws(CoppiceError) {
    print(faults)
    if faults.count > 0 { throw ExitStatus.no }
  }

  /// Prints the first faults of a list, each on a line of its own, and the number of the others.
  static func print(_ faults: FaultList) {
    for fault in faults.first { print(fault) }
    let others = faults.count - faults.first.count
    if others > 0 { Terminal.printMessage(.error, "and \(others) faults more") }
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

extension LeafFault {
  /// The fault in one line, in the tool's words.
  var text: String { "\(kind.rawValue): \(ToolWords.tell(error.message))".printable }
}

/// Faults of which only the first are kept: a small file can have millions.
struct FaultList {
  private(set) var first: [CoppiceError] = []
  private(set) var count = 0

  private static let maximumCount = 1000

  /// Makes a list of faults.
  init(_ faults: [CoppiceError] = []) {
    for fault in faults { add { fault } }
  }

  /// Adds a fault, which is made only if it is kept.
  mutating func add(_ fault: () -> CoppiceError) {
    count += 1
    if first.count < Self.maximumCount { first.append(fault()) }
  }
}
