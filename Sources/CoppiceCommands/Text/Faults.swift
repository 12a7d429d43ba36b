import Coppice

/// Output of faults on standard error.
enum Faults {
  /// Prints each fault on a line of its own and ends the command if there are any.
  ///
  /// - Throws: `status.no` if there are faults.
  static func end(with faults: [CoppiceError]) throws(CoppiceError) {
    print(faults)
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
    print(faults.first)
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
  static func print(_ error: CoppiceError) { print([error]) }

  private static func print(_ errors: [CoppiceError]) {
    for line in lines(of: errors.flatMap(\.faults)) { Terminal.printMessage(.error, line.text) }
  }

  /// Returns the lines for faults, in the tool's words: one for all nodes of which a file's fault says the same.
  ///
  /// - Parameters:
  ///   - faults: The faults.
  ///   - isApart: Whether the fault at an index has lines apart from the others, such as a warning.
  /// - Returns: Each line, with the index of its first fault.
  static func lines(
    of faults: [CoppiceError], apart isApart: (Int) -> Bool = { _ in false }
  ) -> [(first: Int, text: String)] {
    var groups: [(first: Int, count: Int)] = []
    var places: [FaultWords: Int] = [:]
    for (index, fault) in faults.enumerated() {
      if let words = FaultWords(fault, isApart: isApart(index)) {
        if let place = places[words] {
          groups[place].count += 1
          continue
        }
        places[words] = groups.count
      }
      groups.append((index, 1))
    }
    return groups.map { group in
      var fault = faults[group.first].inToolWords
      if group.count > 1, let path = fault.location.treePath {
        let others = group.count == 2 ? "another" : "\(group.count - 1) others"
        fault.location.treePath = path + " and " + others
      }
      return (group.first, fault.description)
    }
  }
}

/// What a fault of a node says, without the node.
private struct FaultWords: Hashable {
  let code: CoppiceError.Code
  let message: String
  let file: String
  let isApart: Bool

  /// Returns `nil` for a fault that doesn't concern a node as a whole.
  init?(_ fault: CoppiceError, isApart: Bool) {
    let place = fault.location
    guard let file = place.file, place.treePath != nil, place.offset == nil, place.pointer == nil
    else { return nil }
    (code, message, self.file, self.isApart) = (fault.code, fault.message, file, isApart)
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
